/** The built-in components that the preview has. */
export const builtInNames = new Set([
  'button',
  'image',
  'input',
  'label',
  'navigator',
  'page-meta',
  'radio',
  'radio-group',
  'scroll-view',
  'switch',
  'text',
  'textarea',
  'view',
])
