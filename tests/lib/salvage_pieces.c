/* SPDX-License-Identifier: MIT */
/* salvage_pieces.c - an oversize line that comes in pieces. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/salvage_pieces.h"

void
salvage_feed_pieces (struct salvage *s, const char *data, size_t len,
		     size_t chunk)
{
	size_t at, n;
	char *piece;

	salvage_init (s);
	for (at = 0; at < len; at += n) {
		n = len - at < chunk ? len - at : chunk;
		piece = malloc (n);
		if (piece == NULL)
			abort ();
		memcpy (piece, data + at, n);
		salvage_feed (s, piece, n);
		free (piece);
	}
}
