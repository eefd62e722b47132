/* SPDX-License-Identifier: MIT */
/* format_json_fixture.h - events written as lines of JSON into memory. */
#ifndef TESTS_FORMAT_JSON_FIXTURE_H
#define TESTS_FORMAT_JSON_FIXTURE_H

#include <string.h>

#include "lib/capture.h"
#include "lib/tap.h"
#include "format/event_json.h"
#include "json/writer.h"
#include "common/macros.h"

/* clang-format off */
#define TEXT(literal) { "" literal, sizeof (literal) - 1, LHK_TEXT_CLEAN, 0 }
/* clang-format on */
/* clang-format off */
#define PLAIN(literal) { "" literal, sizeof (literal) - 1, LHK_TEXT_PLAIN, 0 }
/* clang-format on */
/* clang-format off */
#define RAW(literal) { "" literal, sizeof (literal) - 1, LHK_TEXT_RAW, 0 }
/* clang-format on */
/* clang-format off */
#define STR(literal) { "" literal, sizeof (literal) - 1 }
/* clang-format on */

static struct outbuf o;
static struct capture got;

static inline void
line_is (const struct lhk_meta *meta, const struct lhk_event *event,
	 unsigned int flags, const char *wanted)
{
	got.len = 0;
	outbuf_init (&o, capture_write, &got);
	format_json_event (&o, meta, event, flags);
	outbuf_flush (&o);
	TAP_EQ_MEM (got.data, got.len, wanted, strlen (wanted));
}

/* A meta of the first turn, without a clock. */
static const struct lhk_meta meta_1 = {
	.size = sizeof meta_1,
	.turn = 1,
	.seq = 1,
	.time_ms = -1,
};

#endif /* TESTS_FORMAT_JSON_FIXTURE_H */
