// Logging in: SCRAM-SHA-256 (RFC 5802, 7677) by the browser's own cryptography, so that the password
// is never sent; else PLAIN (RFC 4616), and only where the connection is encrypted.

const utf8 = new TextEncoder();
const base64 = (data) => btoa(String.fromCharCode(...new Uint8Array(data)));
const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const plain = (text) => new TextDecoder().decode(unbase64(text));

async function hmac(key, text) {
  const secret = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, typeof text === "string" ? utf8.encode(text) : text));
}

/** One login by SCRAM. `answer` takes what the server said, in Base64, and gives what to say. */
export class Scram {
  mechanism = "SCRAM-SHA-256";
  #step = 0;

  constructor({ account, password }, nonce = base64(crypto.getRandomValues(new Uint8Array(18)))) {
    this.password = password.normalize("NFKC");
    this.nonce = nonce;
    this.bare = `n=${account.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${nonce}`;
  }

  async answer(challenge) {
    switch (this.#step++) {
      case 0:
        return btoa(String.fromCharCode(...utf8.encode("n,," + this.bare)));
      case 1:
        return this.#proof(plain(challenge));
      default:
        return this.#verify(plain(challenge));
    }
  }

  async #proof(first) {
    const { r, s, i } = Object.fromEntries(first.split(",").map((part) => [part[0], part.slice(2)]));
    const rounds = +i;
    // Whoever answers for the server could make the browser count for hours, or not at all.
    if (!r?.startsWith(this.nonce) || r === this.nonce || !s || !(rounds >= 4096 && rounds <= 2000000)) throw new Error("The server's answer to the login makes no sense.");
    const key = await crypto.subtle.importKey("raw", utf8.encode(this.password), "PBKDF2", false, ["deriveBits"]);
    const salted = new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: unbase64(s), iterations: rounds }, key, 256));
    const clientKey = await hmac(salted, "Client Key");
    const stored = new Uint8Array(await crypto.subtle.digest("SHA-256", clientKey));
    const last = `c=biws,r=${r}`;
    const message = `${this.bare},${first},${last}`;
    const signature = await hmac(stored, message);
    this.expected = base64(await hmac(await hmac(salted, "Server Key"), message));
    return btoa(`${last},p=${base64(clientKey.map((byte, index) => byte ^ signature[index]))}`);
  }

  #verify(last) {
    if (last !== "v=" + this.expected) throw new Error(last.startsWith("e=") ? "The name or the password is wrong." : "This is not the server that knows your password.");
    return "";
  }
}

export class Plain {
  mechanism = "PLAIN";
  constructor({ account, password }) {
    this.text = btoa(String.fromCharCode(...utf8.encode(`\0${account}\0${password}`)));
  }
  async answer() {
    return this.text;
  }
}

/** The best way to log in that server and browser have in common. */
export function choose(login, offered, { isSecure, hasCrypto = !!globalThis.crypto?.subtle }) {
  if (offered.includes("SCRAM-SHA-256") && hasCrypto) return new Scram(login);
  if (!isSecure) throw new Error("This connection is not encrypted, so your password is not sent over it. Use https, or come as a guest.");
  if (!offered.includes("PLAIN")) throw new Error("This server knows no way to log in that this browser knows.");
  return new Plain(login);
}
