/* SPDX-License-Identifier: MIT */
/* sha256.c - the examples of FIPS 180-4, in pieces of every size. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/sha256.h"
#include "lib/tap.h"

static const char *
hex (struct sha256 *s)
{
	static char text[2 * SHA256_SIZE + 1];
	unsigned char digest[SHA256_SIZE];
	size_t i;

	sha256_end (s, digest);
	for (i = 0; i < sizeof digest; i++)
		snprintf (text + 2 * i, 3, "%02x", digest[i]);
	return text;
}

static const struct {
	const char *message, *digest;
} examples[] = {
	{ "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
	  "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
};

static void
standard (void)
{
	struct sha256 s;
	size_t i;

	for (i = 0; i < sizeof examples / sizeof examples[0]; i++) {
		sha256_begin (&s);
		sha256_add (&s, examples[i].message,
			    strlen (examples[i].message));
		TAP_EQ_STR (hex (&s), examples[i].digest);
	}
}

static void
a_million (void)
{
	static char many[1000];
	struct sha256 s;
	int i;

	memset (many, 'a', sizeof many);
	sha256_begin (&s);
	for (i = 0; i < 1000; i++)
		sha256_add (&s, many, sizeof many);
	TAP_EQ_STR (
		hex (&s),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
in_pieces (void)
{
	const char *message = examples[3].message;
	size_t len = strlen (message), piece, at, n;
	struct sha256 s;

	for (piece = 1; piece <= len; piece++) {
		sha256_begin (&s);
		for (at = 0; at < len; at += n) {
			n = len - at < piece ? len - at : piece;
			sha256_add (&s, message + at, n);
		}
		TAP_EQ_STR (hex (&s), examples[3].digest);
	}
}

static const struct tap_case cases[] = {
	{ "sha256_gives_the_digests_of_the_standard", standard },
	{ "sha256_of_a_million_letters_is_that_of_the_standard", a_million },
	{ "sha256_does_not_depend_on_how_a_message_is_split", in_pieces },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("sha256", cases);
}
