/**
 * Types by file extension: what mini programs usually move. Not html, svg and xml: a user's script
 * must not run under the domain of the bucket.
 */
const BY_EXTENSION = new Map(
  Object.entries({
    aac: 'audio/aac',
    csv: 'text/csv',
    doc: 'application/msword',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    gif: 'image/gif',
    heic: 'image/heic',
    jpeg: 'image/jpeg',
    jpg: 'image/jpeg',
    json: 'application/json',
    md: 'text/markdown',
    mov: 'video/quicktime',
    mp3: 'audio/mpeg',
    mp4: 'video/mp4',
    pdf: 'application/pdf',
    png: 'image/png',
    ppt: 'application/vnd.ms-powerpoint',
    pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    txt: 'text/plain',
    wav: 'audio/wav',
    webp: 'image/webp',
    xls: 'application/vnd.ms-excel',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    zip: 'application/zip',
  }),
)

/** The Content-Type of a file by its name. wx tells none, and would send application/json. */
export function contentTypeOf(name: string): string {
  const extension = /\.(\w+)$/.exec(name)?.[1] ?? ''
  return BY_EXTENSION.get(extension.toLowerCase()) ?? 'application/octet-stream'
}
