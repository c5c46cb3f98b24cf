// Why a file cannot be read packet by packet, as a sentence for a person.

export class NoClipProofs extends Error {}
