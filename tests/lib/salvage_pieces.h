/* SPDX-License-Identifier: MIT */
/* salvage_pieces.h - an oversize line that comes in pieces. */
#ifndef TESTS_SALVAGE_PIECES_H
#define TESTS_SALVAGE_PIECES_H

#include "json/salvage.h"

/* Feed a new S with pieces of CHUNK bytes, each in memory of its own size, so
 * that a sanitizer sees what is read behind them. */
void salvage_feed_pieces (struct salvage *s, const char *data, size_t len,
			  size_t chunk);

#endif /* TESTS_SALVAGE_PIECES_H */
