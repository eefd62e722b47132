/* SPDX-License-Identifier: MIT */
/*
 * terminal_json.h - JSON on a terminal does nothing to it.
 *
 * JSON escapes C0 controls and leaves the others: C1 controls, which some
 * terminals obey, and what turns text round or hides it.  On a terminal these
 * are written as escapes, which mean the same to whoever copies the JSON from
 * there.  A pipe and a file get it as it is.
 */
#ifndef CLI_OUTPUT_TERMINAL_JSON_H
#define CLI_OUTPUT_TERMINAL_JSON_H

#include <stddef.h>

struct terminal_json {
	int is_on; /* 0: bytes pass as they are */
	size_t n;  /* bytes of a character that is not whole */
	char part[4];
};

typedef void terminal_json_fn (void *user, const char *data, size_t len);

/* Pass LEN bytes on to WRITE, with escapes if T is on.  A character may be cut
 * by the end of DATA: its bytes wait for the next call.  Bytes that are no
 * UTF-8 pass as they are. */
void terminal_json_write (struct terminal_json *t, const char *data, size_t len,
			  terminal_json_fn *write, void *user);

/* No more bytes come: pass on those that wait. */
void terminal_json_end (struct terminal_json *t, terminal_json_fn *write,
			void *user);

#endif /* CLI_OUTPUT_TERMINAL_JSON_H */
