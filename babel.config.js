// Tests compile TypeScript as DevTools does: Babel, file by file, without a type check.
module.exports = {
  presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: false }]],
  plugins: ['@babel/plugin-transform-modules-commonjs'],
}
