/* SPDX-License-Identifier: MIT */
/* error.c - sentences about errors, and the texts of the codes. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <linehook/event.h>

#include "common/error.h"
#include "common/macros.h"

/* What mends an errno that any call may meet; "" for others. */
static const char *
remedy_of (int sys_errno)
{
	switch (sys_errno) {
	case EMFILE:
		return "; raise the limit of open files (ulimit -n)";
	case ENFILE:
		return "; raise the files of the machine (sysctl fs.file-max)";
	default:
		return "";
	}
}

int
error_set (struct lhk_error *err, int code, int sys_errno, const char *fmt, ...)
{
	va_list args;
	size_t len;
	char *p;

	if (err == NULL)
		return code;
	err->code = code;
	err->sys_errno = sys_errno;
	va_start (args, fmt);
	vsnprintf (err->text, sizeof err->text, fmt, args);
	va_end (args);
	len = strlen (err->text);
	snprintf (err->text + len, sizeof err->text - len, "%s",
		  remedy_of (sys_errno));
	for (p = err->text; *p != '\0'; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7f)
			*p = '?';
	return code;
}

const char *
lhk_version (void)
{
	return LHK_VERSION;
}

static const struct {
	int code;
	const char *text;
} texts[] = {
	{ LHK_OK, "success" },
	{ LHK_SKIP, "skipped" },
	{ LHK_AGAIN, "nothing is ready yet" },
	{ LHK_END, "there is no more data" },
	{ LHK_EINVAL, "invalid argument" },
	{ LHK_ENOMEM, "out of memory" },
	{ LHK_ESYS, "system call failed" },
	{ LHK_EPARSE, "not in the expected format" },
	{ LHK_ELIMIT, "limit reached" },
	{ LHK_EABI, "plugin and host are not compatible" },
	{ LHK_ENOTFOUND, "not found" },
	{ LHK_ESTATE, "this call is not allowed at this point" },
	{ LHK_ECANCELED, "canceled" },
	{ LHK_ETIMEOUT, "timed out" },
	{ LHK_EFORKED, "object belongs to the parent process" },
	{ LHK_EUNSUPPORTED, "not supported" },
	{ LHK_EREFUSED, "refused" },
	{ LHK_EBUG, "internal error" },
};

const char *
lhk_strerror (int code)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE (texts); i++)
		if (texts[i].code == code)
			return texts[i].text;
	return "unknown code";
}
