/** `npm run pack`: `cos/` and `transfer/` as an npm package, for "Build npm" of DevTools. */
import path from 'node:path'
import { buildPackage } from './pack/build-package'

void main()

async function main(): Promise<void> {
  console.log(await buildPackage(path.join(__dirname, '../dist')))
}
