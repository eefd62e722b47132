/* SPDX-License-Identifier: MIT */
/* id_copy.c - ids that are remembered from line to line. */
#include "config.h"

#include "common/common.h"

int
id_copy_is (const struct id_copy *id, const struct lhk_text *text)
{
	if (text->ptr == NULL)
		return id->len == 0;
	if (text->form == LHK_TEXT_PLAIN || text->form == LHK_TEXT_CLEAN)
		return id->len == text->len
		       && memcmp (id->text, text->ptr, text->len) == 0;
	return lhk_text_is (text, id->text, id->len);
}

void
id_copy_set (struct id_copy *id, const struct lhk_text *text)
{
	size_t need = 0;

	id->len = 0;
	if (text->ptr == NULL)
		return;
	id->len = lhk_text_decode (text, id->text, ID_COPY_MAX, &need);
	if (need > ID_COPY_MAX)
		id->len = 0;
}

struct lhk_text
id_copy_text (const struct id_copy *id)
{
	struct lhk_text none = { NULL, 0, 0, 0 };

	return id->len ? text_of (id->text, id->len) : none;
}
