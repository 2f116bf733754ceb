import { defineBuiltIn } from '../built-in'
import { createElement } from '../element'
import { urlOf } from '../wx/temp-files'

const objectFits: Record<string, string> = {
  scaleToFill: 'fill',
  aspectFit: 'contain',
  aspectFill: 'cover',
  widthFix: 'fill',
}

export function defineImage(): void {
  defineBuiltIn('image', { src: '', mode: 'scaleToFill' }, (builtIn) => {
    const { element, emit } = builtIn
    const image = createElement('img')
    image.alt = ''
    element.append(image)
    image.addEventListener('load', () => {
      const { naturalWidth: width, naturalHeight: height } = image
      const isWidthFix = builtIn.properties.mode === 'widthFix'
      element.style.height = isWidthFix ? `${(element.clientWidth * height) / width}px` : ''
      emit('load', { width, height })
    })
    image.addEventListener('error', () => {
      emit('error', { errMsg: `GET ${builtIn.properties.src} failed` })
    })
    return {
      update({ src, mode }, changed) {
        image.style.objectFit = objectFits[mode] ?? 'fill'
        image.hidden = !src
        if (src && (!changed || changed.has('src'))) image.src = urlOf(src)
      },
    }
  })
}
