import { createHash } from 'node:crypto';

/** Seeded randomness (sfc32): the same seed and scope tell the same story, on any machine. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number, ...scope: string[]) {
    const digest = createHash('sha256')
      .update([seed, ...scope].join('\u0000'))
      .digest();
    this.a = digest.readInt32LE(0);
    this.b = digest.readInt32LE(4);
    this.c = digest.readInt32LE(8);
    this.d = digest.readInt32LE(12);
  }

  /** In [0, 1). */
  unit(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    return (t >>> 0) / 4_294_967_296;
  }

  /** Both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.unit() * items.length)];
    if (item === undefined) throw new Error('Nothing to pick from');
    return item;
  }

  /** Up to `count` different ones. */
  some<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && rest.length > 0) {
      chosen.push(...rest.splice(Math.floor(this.unit() * rest.length), 1));
    }
    return chosen;
  }

  weighted<T>(choices: readonly (readonly [weight: number, item: T])[]): T {
    let point = this.unit() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of choices) {
      point -= weight;
      if (point < 0) return item;
    }
    return this.pick(choices)[1];
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.int(0, 0xffffff).toString(16).padStart(6, '0');
    return text.slice(0, digits);
  }

  guid(): string {
    const h = this.hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
  }

  base64(bytes: number): string {
    return Buffer.from(this.hex(bytes * 2), 'hex').toString('base64');
  }
}
