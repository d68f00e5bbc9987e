/* libcrypto 3.0 for Swift: its headers, and functions for what Swift cannot import
 * (variadic functions, function-like macros). Nothing here decides anything. */

#ifndef STELE_COPENSSL_SHIM_H
#define STELE_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

/* A new Ed25519 key pair from libcrypto's own generator; NULL when it has no entropy. */
static inline EVP_PKEY *cossl_generate_ed25519(void) {
  return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* The bytes a memory BIO holds; they belong to the BIO. */
static inline long cossl_bio_bytes(BIO *bio, char **bytes) {
  return BIO_get_mem_data(bio, bytes);
}

#endif
