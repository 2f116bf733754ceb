/** The bytes of a JPEG: 8 by 8 pixels in one gray. */
export function photo(): ArrayBuffer {
  const zeros = '00'.repeat(15)
  const hex = [
    'ffd8',
    `ffdb004300${'64'.repeat(64)}`, // quantisation
    'ffc0000b080008000801011100', // size and components
    `ffc400140001${zeros}03`, // Huffman codes of DC and AC: one each
    `ffc400141001${zeros}00`,
    'ffda0008010100003f0057', // the pixels
    'ffd9',
  ].join('')
  return Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16)).buffer
}
