import fs from 'node:fs'
import path from 'node:path'
import { compile } from 'json-schema-to-typescript'
import { format, type FormatConfig } from 'oxfmt'
import * as schemas from '../server/api-schemas'

const ROOT = path.join(__dirname, '..')
const FILE = path.join(ROOT, 'miniprogram/signing/server-api.ts')

/** Names of the types, in the order of the file. */
const TYPES = {
  SessionRequest: schemas.sessionRequest,
  Session: schemas.session,
  CredentialsRequest: schemas.credentialsRequest,
  TemporaryCredentials: schemas.temporaryCredentials,
  PresignRequest: schemas.presignRequest,
  PresignAnswer: schemas.presignAnswer,
  PostFormRequest: schemas.postFormRequest,
  PostFormAnswer: schemas.postFormAnswer,
  ServerConfig: schemas.serverConfig,
  Refusal: schemas.refusal,
}

/**
 * Writes what the server's routes take and answer as types for the mini program, so that both sides
 * cannot drift. With `--print` it only prints them: test/scripts/server-api-types.test.ts compares.
 */
async function main(): Promise<void> {
  const text = await serverApiTypes()
  if (process.argv.includes('--print')) process.stdout.write(text)
  else fs.writeFileSync(FILE, text)
}

async function serverApiTypes(): Promise<string> {
  const options = { bannerComment: '', format: false }
  const types = Object.entries(TYPES).map(([name, schema]) =>
    compile(withoutComments(schema), name, options),
  )
  const text = [BANNER, ...(await Promise.all(types))]
    .join('\n\n')
    .replace(/\{\s*\[k: string\]: string;?\s*\}/g, 'Record<string, string>')
  const style = fs.readFileSync(path.join(ROOT, '.oxfmtrc.json'), 'utf8')
  return (await format(FILE, text, JSON.parse(style) as FormatConfig)).code
}

const BANNER = `/**
 * What the server takes and answers. Written by scripts/server-api-types.ts from the server's own
 * schemas: do not edit.
 */`

/** Comments would say in four lines what a name says. */
function withoutComments(schema: object): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'description' || key === 'examples' ? undefined : value,
    ),
  )
}

void main()
