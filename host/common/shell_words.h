/* SPDX-License-Identifier: MIT */
/* shell_words.h - a command line as a person types it into a shell. */
#ifndef COMMON_SHELL_WORDS_H
#define COMMON_SHELL_WORDS_H

#include "common/outbuf.h"

/*
 * Append the words of ARGV, which ends with NULL, with blanks between them; a
 * word that a shell would take apart stands in single quotes.  Of a word of more
 * than MAX bytes only the beginning is shown, and ".." behind it; MAX 0: every
 * word is whole.  Bytes are written as they are.
 */
void shell_words_put (struct outbuf *o, const char *const *argv, size_t max);

#endif /* COMMON_SHELL_WORDS_H */
