/* SPDX-License-Identifier: MIT */
/* ulid.c - names of runs sort by time; times are RFC 3339. */
#include "config.h"

#include <string.h>

#include "common/clock.h"
#include "common/ulid.h"
#include "lib/tap.h"
#include "run/run.h"

static void
times (void)
{
	/* As printed by date -u. */
	static const struct {
		int64_t ms;
		const char *text;
	} known[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 951868800000, "2000-03-01T00:00:00.000Z" },
		{ 978307199000, "2000-12-31T23:59:59.000Z" },
		{ 1709210096789, "2024-02-29T12:34:56.789Z" },
		{ 1735689600001, "2025-01-01T00:00:00.001Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
		{ 4107542399000, "2100-02-28T23:59:59.000Z" },
	};
	char text[CLOCK_RFC3339_SIZE];
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++) {
		clock_rfc3339 (known[i].ms, text);
		TAP_EQ_STR (text, known[i].text);
	}
}

static void
ids (void)
{
	char a[ULID_SIZE], b[ULID_SIZE], c[ULID_SIZE];

	ulid_make (1735689600000, a);
	ulid_make (1735689600000, b);
	ulid_make (1735689600001, c);
	TAP_EQ_INT (strlen (a), 26);
	TAP_EQ_INT (strspn (a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
	TAP_EQ_MEM (a, 10, b, 10);
	CU_ASSERT (strcmp (a, b) != 0);
	CU_ASSERT (strcmp (a, c) < 0 && strcmp (b, c) < 0);
}

static const struct tap_case cases[] = {
	{ "runid_times_are_rfc_3339_in_utc", times },
	{ "runid_ids_sort_by_time_and_differ", ids },
	{ NULL, NULL },
};

int
main (void)
{
	return tap_run ("ulid", cases);
}
