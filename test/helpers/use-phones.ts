import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { closeBrowser, openPreview, type OpenOptions, type OpenPreview } from './browser'
import { controlOf, type Control } from './control'
import { addressOf, Phone } from './phone'
import { startStack, type Stack } from './stack'
import { tempDir, type TempDir } from './temp-dir'

export interface Phones {
  /** All that `npm start` starts, there from `beforeAll` on. */
  stack: Stack
  control: Control
  /** What the phones that stay have logged since it was asked last. */
  keptLog(): string[]
  /** Opens a page, such as `put-object?key=a.txt`, on a phone of its own: nothing is stored on it. */
  open(page: string, options?: OpenOptions): Promise<Phone>
}

/**
 * Starts a stack for the tests of a file. After each test, it takes all faults back and closes the
 * phones, and fails when one has logged an error or a warning. A phone that `beforeAll` has opened
 * stays: the test looks at `keptLog()` itself.
 */
export function usePhones(): Phones {
  let files: TempDir | undefined
  const opened: OpenPreview[] = []
  const kept: OpenPreview[] = []
  const phones = {
    keptLog: () => logOf(kept),
    async open(page, options) {
      const preview = await openPreview(addressOf(phones.stack.preview, page), options)
      opened.push(preview)
      await preview.page.getByRole('heading').first().waitFor()
      return new Phone(preview.page, files!.path)
    },
  } as Phones

  beforeAll(async () => {
    files = tempDir()
    phones.stack = await startStack()
    phones.control = controlOf(phones.stack.control)
  })
  beforeEach(() => {
    kept.push(...opened.splice(0))
  })
  // Jest cleans up after a set-up that has failed, too: not all of it is there then.
  afterEach(async () => {
    await phones.control?.clear()
    await Promise.all(opened.map(({ close }) => close()))
    expect(logOf(opened.splice(0))).toEqual([])
  })
  afterAll(async () => {
    try {
      await closeBrowser()
    } finally {
      await phones.stack?.stop()
      files?.remove()
    }
  })
  return phones
}

/** Errors and warnings, which are not told again. */
const logOf = (previews: OpenPreview[]) =>
  previews.flatMap(({ errors, warnings }) => [...errors.splice(0), ...warnings.splice(0)])
