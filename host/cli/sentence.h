/* SPDX-License-Identifier: MIT */
/*
 * sentence.h - what the program itself says on stderr.
 *
 * stdout carries only the output of the subcommand.  Its own messages are one
 * line on stderr, `linehook: SUBCOMMAND: ..'; what the library reports is a log
 * record.
 */
#ifndef CLI_SENTENCE_H
#define CLI_SENTENCE_H

#include <stdarg.h>
#include <stddef.h>

#include <linehook/base.h>

/* Exit statuses that are no verdict's. */
#define STATUS_USAGE 2
#define STATUS_HOST 125

/* `linehook: WHO: sentence' on stderr; WHO may be NULL.  Control and bidirectional
 * characters become '?': what was typed cannot forge a line. */
void cli_say (const char *who, const char *fmt, ...) LHK_PRINTF (2, 3);

/* Text before each sentence from now on, such as a priority; borrowed. */
void cli_sentence_set_prefix (const char *prefix);

/* The same line in BUF, cut where it ends; its length. */
size_t cli_sentence (char *buf, size_t size, const char *who, const char *fmt,
		     va_list args) LHK_PRINTF (4, 0);

#endif /* CLI_SENTENCE_H */
