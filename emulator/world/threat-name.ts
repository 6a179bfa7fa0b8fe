/** "Ransom:Win64/NightFold.B!ml" is of the family NightFold. */
export function familyOf(threat: string): string {
  return /\/(\w+)/.exec(threat)?.[1] ?? threat;
}
