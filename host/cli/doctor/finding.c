/* SPDX-License-Identifier: MIT */
/* finding.c - what a probe reports, and what it reads for that. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "common/io.h"

static void vfill (char *to, const char *fmt, va_list args) LHK_PRINTF (2, 0);

static void
vfill (char *to, const char *fmt, va_list args)
{
	vsnprintf (to, DOCTOR_TEXT, fmt, args);
}

#define FILL(member)                                                           \
	do {                                                                   \
		va_list args;                                                  \
		va_start (args, fmt);                                          \
		vfill (member, fmt, args);                                     \
		va_end (args);                                                 \
	} while (0)

void
probe_ok (struct finding *f, const char *fmt, ...)
{
	f->status = DOCTOR_OK;
	FILL (f->found);
}

void
probe_missing (struct finding *f, const char *fmt, ...)
{
	f->status = FINDING_BY_TABLE;
	FILL (f->found);
}

void
probe_result (struct finding *f, int status, const char *fmt, ...)
{
	f->status = status;
	FILL (f->found);
}

void
probe_impact (struct finding *f, const char *fmt, ...)
{
	FILL (f->impact);
}

void
probe_remedy (struct finding *f, const char *fmt, ...)
{
	FILL (f->remedy);
}

int
doctor_read_line (const char *path, char *buf, size_t size)
{
	int r = io_read_text (open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK),
			      buf, size);

	if (r < 0) {
		errno = -r;
		return -1;
	}
	buf[strcspn (buf, "\n")] = '\0';
	return 0;
}

int
doctor_read_number (const char *path, uint64_t *ret)
{
	char text[32], *end;

	if (doctor_read_line (path, text, sizeof text) < 0)
		return -1;
	if (strcmp (text, "max") == 0) {
		*ret = UINT64_MAX;
		return 0;
	}
	errno = 0;
	*ret = strtoull (text, &end, 10);
	return end == text || errno != 0 ? -1 : 0;
}
