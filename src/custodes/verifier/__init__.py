"""Check a package offline: what is proven, what is contradicted, and what is neither.

Inside: whom to believe (trust), the numbered steps (verify, and one file for each kind
of claim), and the command (cli). It promises never to believe a key that comes with a
package, never to give one answer for all, and to say with each result what it does not
show. The codes of its reasons are those of docs/reference/formats/package.md.

No Django and no network: kernel, ledger, vault, media and package are all it stands on.
"""
