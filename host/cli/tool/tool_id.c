/* SPDX-License-Identifier: MIT */
/* tool_id.c - a tool without a name is named by its program. */
#include "config.h"

#include <string.h>

#include "cli/tool/cmd_tool.h"

void
tool_id_of (const char *program, char ret[LHK_TOOL_ID_MAX + 1])
{
	static const char fit[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.";
	const char *slash = strrchr (program, '/');
	const char *p = slash == NULL ? program : slash + 1;
	size_t n = 0;

	for (; *p != '\0' && n < LHK_TOOL_ID_MAX; p++) {
		/* Dots at the start and in a row are tricks with paths. */
		int is_trick = *p == '.' && (n == 0 || ret[n - 1] == '.');

		ret[n++] = strchr (fit, *p) != NULL && !is_trick ? *p : '-';
	}
	ret[n] = '\0';
	if (n == 0)
		memcpy (ret, "tool", sizeof "tool");
}
