// An authenticator as RFC 6238 describes it: SHA-1, six digits, thirty seconds.
import { createHmac } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a key in base 32. */
function bytesOf(key: string): Buffer {
  const bits = [...key.replaceAll(/[\s=]/g, '').toUpperCase()].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The code of a time step. */
export function codeOf(key: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', bytesOf(key)).update(counter).digest();
  const at = digest.readUInt8(digest.length - 1) & 15;
  return ((digest.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).toString().padStart(6, '0');
}

/** Gives codes that were not used before. A code is good once and the neighbouring steps count, so the next
 *  one can be had without waiting for it, and neither runs out while it is on its way. */
export class Authenticator {
  #last = 0;

  constructor(readonly key: string) {}

  next(): string {
    const now = Math.floor(Date.now() / 30_000);
    this.#last = Math.max(now, this.#last + 1);
    if (this.#last > now + 1) throw new Error('no code is left for this moment: use a recovery code');
    return codeOf(this.key, this.#last);
  }
}
