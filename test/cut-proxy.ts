/** A relay on loopback between a client and a database server that breaks where a test wants it to. */
import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What happens to the n-th client message that has `text` in it. `cut-before`: the connection goes before the server gets it;
 * `cut-after`: the server gets it, its answer is lost; `mute-before`, `mute-after`: the same, but the connection stands and
 * says nothing any more, as in a network that swallows packets. `lost`: like `mute-before`, and the server does not learn
 * that its client has given up.
 */
export type Fault = 'cut-before' | 'cut-after' | 'mute-before' | 'mute-after' | 'lost'

export interface Trigger {
  readonly fault: Fault
  readonly text: string
  readonly occurrence: number
}

export class CutProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #target: number
  #trigger: Trigger | null = null
  #seen = 0
  port = 0
  /** Whether the fault has happened. */
  fired = false

  constructor(target: number) {
    this.#target = target
    this.#server = createServer((client) => this.#relay(client))
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.on('error', reject)
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        this.port = typeof address === 'object' && address !== null ? address.port : 0
        resolve()
      })
    })
  }

  arm(trigger: Trigger): void {
    this.#trigger = trigger
    this.#seen = 0
    this.fired = false
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  #relay(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    let isMute = false
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        if (!isMute || this.#trigger?.fault !== 'lost') other.destroy()
      })
    }
    client.on('data', (chunk) => {
      if (isMute) return
      const fault = this.#faultOf(chunk)
      if (fault === null || fault.endsWith('after')) server.write(chunk)
      if (fault === null) return
      this.fired = true
      isMute = true
      if (fault === 'cut-before') client.destroy()
    })
    server.on('data', (chunk) => {
      if (!isMute) client.write(chunk)
      // The server has answered, so it has done what it was told.
      else if (this.#trigger?.fault === 'cut-after') client.destroy()
    })
  }

  #faultOf(chunk: Buffer): Fault | null {
    if (this.#trigger === null || this.fired || !chunk.includes(this.#trigger.text)) return null
    this.#seen++
    return this.#seen === this.#trigger.occurrence ? this.#trigger.fault : null
  }
}
