/** The part of the simulator's component system that mount.ts uses. It ships no types. */
declare module 'miniprogram-exparser' {
  interface Node {
    /** The virtual node it was rendered from: attributes as bound in WXML. */
    _vt: { attrs: { name: string; value: unknown }[] }
    triggerLifeTime(name: string, args: unknown[]): void
    triggerPageLifeTime(name: string, args: unknown[]): void
  }
  const exparser: {
    Component: abstract new () => Node
    Element: {
      pretendAttached(node: Node): void
      pretendDetached(node: Node): void
    }
    Event: {
      create(name: string, detail: object, options: object): object
      dispatchEvent(target: Node, event: object): void
    }
    /** Returning false keeps the error from being logged. */
    addGlobalErrorListener(listener: (error: unknown) => false): void
  }
  export type { Node }
  export default exparser
}
