// One timestamp (RFC 3161): what it is over, when, and whether it leads to a root that was pinned.
//
// Runs in a worker of its own, which is only begun where a package brings timestamps and roots were given.

import { fromBER, ObjectIdentifier, OctetString, Sequence } from "asn1js";
import { Certificate, CertificateChainValidationEngine, getCrypto, IssuerAndSerialNumber, SignedData, TimeStampResp, TSTInfo, type Attribute, type SignerInfo } from "pkijs";

import { same, type Bytes } from "../plain/bytes";

/** What a timestamp says, once a pinned authority is found to have signed it. */
export interface Stamp {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The hash that it is over, and the name of the hash function; an empty name for one that is not known here. */
  readonly hash: string;
  readonly imprint: Bytes;
}

const GRANTED = 0;
const SIGNED_DATA = "1.2.840.113549.1.7.2", TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3", MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12", SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const KEY_USES = "2.5.29.37", TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
/** Of NIST's hash functions, those that authorities use (RFC 5754 section 2). */
const HASHES: Readonly<Record<string, string>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256", "2.16.840.1.101.3.4.2.2": "SHA-384", "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** Return what a timestamp says; null when it cannot be read, or none of the pinned certificates vouches for it. */
export async function readStamp(answer: Bytes, pinned: readonly Bytes[]): Promise<Stamp | null> {
  try {
    return await signedBy(answer, pinned.map((der) => Certificate.fromBER(der)));
  } catch {
    return null;
  }
}

async function signedBy(answer: Bytes, pinned: readonly Certificate[]): Promise<Stamp | null> {
  const response = TimeStampResp.fromBER(exact(answer)), token = response.timeStampToken;
  if (response.status.status !== GRANTED || token?.contentType !== SIGNED_DATA) return null;
  const signed = new SignedData({ schema: token.content });
  const content = signed.encapContentInfo.eContent?.getValue(), [signer, another] = signed.signerInfos;
  if (signed.encapContentInfo.eContentType !== TST_INFO || !content || !signer || another) return null;
  const says = TSTInfo.fromBER(exact(new Uint8Array(content)));
  const embedded = (signed.certificates ?? []).filter((each) => each instanceof Certificate);
  if (!await isSigned(signer, new Uint8Array(content), embedded, pinned, says.genTime)) return null;
  return {
    at: says.genTime.getTime(),
    hash: HASHES[says.messageImprint.hashAlgorithm.algorithmId] ?? "",
    imprint: new Uint8Array(says.messageImprint.hashedMessage.valueBlock.valueHexView),
  };
}

/** Nothing may follow what is read. */
function exact(data: Bytes): Bytes {
  if (fromBER(data).offset !== data.length) throw new Error("bytes are left over");
  return data;
}

async function isSigned(signer: SignerInfo, content: Bytes, embedded: Certificate[], pinned: readonly Certificate[], at: Date): Promise<boolean> {
  const roots = pinned.filter((each) => each.issuer.isEqual(each.subject));
  // An answer need not carry the certificate it was signed with: then one that is pinned beside the root may be it.
  const candidates = embedded.length ? embedded : pinned.filter((each) => !roots.includes(each));
  const leaf = candidates.find((each) => isNamed(signer, each));
  if (!leaf || !mayStamp(leaf) || !await attributesHold(signer, content, leaf)) return false;
  const hash = signer.digestAlgorithm.algorithmId in HASHES ? HASHES[signer.digestAlgorithm.algorithmId] : "";
  const holds = await getCrypto(true).verifyWithPublicKey(
    signer.signedAttrs!.encodedValue, signer.signature, leaf.subjectPublicKeyInfo, signer.signatureAlgorithm, hash,
  );
  const others = embedded.filter((each) => each !== leaf);
  const chain = new CertificateChainValidationEngine({ trustedCerts: roots, certs: [...others, leaf], checkDate: at });
  return holds && roots.length > 0 && (await chain.verify()).result;
}

function isNamed({ sid }: SignerInfo, certificate: Certificate): boolean {
  return sid instanceof IssuerAndSerialNumber && sid.issuer.isEqual(certificate.issuer) && sid.serialNumber.isEqual(certificate.serialNumber);
}

/** RFC 3161 section 2.3: the only key whose use is to stamp, and that is said critically. */
function mayStamp({ extensions }: Certificate): boolean {
  const uses = extensions?.find(({ extnID }) => extnID === KEY_USES);
  const named = (uses?.parsedValue as { keyPurposes?: string[] } | undefined)?.keyPurposes ?? [];
  return uses?.critical === true && named.includes(TIME_STAMPING);
}

/** What is signed are attributes: of what kind the content is, its hash, and whose the signature is (RFC 5652 section 5.4). */
async function attributesHold({ signedAttrs, digestAlgorithm }: SignerInfo, content: Bytes, leaf: Certificate): Promise<boolean> {
  const of = (type: string) => signedAttrs?.attributes.filter((each) => each.type === type) ?? [];
  const one = (type: string): unknown => (of(type).length === 1 && of(type)[0]!.values.length === 1 ? of(type)[0]!.values[0] : null);
  const kind = one(CONTENT_TYPE), digest = one(MESSAGE_DIGEST), hash = HASHES[digestAlgorithm.algorithmId];
  if (!(kind instanceof ObjectIdentifier) || kind.getValue() !== TST_INFO || !(digest instanceof OctetString) || !hash) return false;
  if (!same(await hashed(hash, content), digest.valueBlock.valueHexView)) return false;
  const named = [...of(SIGNING_CERTIFICATE), ...of(SIGNING_CERTIFICATE_V2)];
  const fits = await Promise.all(named.map((each) => names(each, leaf)));
  return fits.length > 0 && fits.every(Boolean);
}

/** ESSCertID (RFC 2634 section 5.4.1) and ESSCertIDv2 (RFC 5035 section 4): the first names the signer. */
async function names({ type, values }: Attribute, leaf: Certificate): Promise<boolean> {
  const first = inside(inside(inside(values[0])?.[0])?.[0]);
  if (!first) return false;
  const algorithm = first[0] instanceof Sequence ? inside(first[0])?.[0] : undefined;
  const digest = first[algorithm ? 1 : 0];
  const later = algorithm instanceof ObjectIdentifier ? HASHES[algorithm.getValue()] : "SHA-256";
  const hash = type === SIGNING_CERTIFICATE ? "SHA-1" : later;
  if (!hash || !(digest instanceof OctetString)) return false;
  return same(await hashed(hash, new Uint8Array(leaf.toSchema().toBER())), digest.valueBlock.valueHexView);
}

const inside = (value: unknown): readonly unknown[] | null => (value instanceof Sequence ? value.valueBlock.value : null);
const hashed = async (name: string, data: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest(name, data));
