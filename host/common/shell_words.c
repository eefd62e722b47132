/* SPDX-License-Identifier: MIT */
/* shell_words.c - a command line as a person types it into a shell. */
#include "config.h"

#include "common/shell_words.h"

/* Bytes that no shell takes for something else. */
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz"
			    "0123456789-_=+,./:@%";

static void
put_quoted (struct outbuf *o, const char *word, size_t len)
{
	size_t i;

	outbuf_byte (o, '\'');
	for (i = 0; i < len; i++)
		if (word[i] == '\'')
			OUTBUF_LIT (o, "'\\''");
		else
			outbuf_byte (o, word[i]);
	outbuf_byte (o, '\'');
}

/* The beginning of WORD: at most MAX bytes, and no half of a UTF-8 sequence. */
static size_t
head_len (const char *word, size_t max)
{
	size_t len = max;

	while (len > 0 && ((unsigned char) word[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void
put_word (struct outbuf *o, const char *word, size_t max)
{
	size_t len = strlen (word);
	int is_cut = max > 0 && len > max;

	if (is_cut)
		len = head_len (word, max);
	if (len > 0 && strspn (word, plain) >= len)
		outbuf_put (o, word, len);
	else
		put_quoted (o, word, len);
	if (is_cut)
		OUTBUF_LIT (o, "..");
}

void
shell_words_put (struct outbuf *o, const char *const *argv, size_t max)
{
	size_t i;

	for (i = 0; argv[i] != NULL; i++) {
		if (i > 0)
			outbuf_byte (o, ' ');
		put_word (o, argv[i], max);
	}
}
