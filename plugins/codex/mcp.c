/* SPDX-License-Identifier: MIT */
/*
 * mcp.c - calls of tools of MCP servers.
 *
 * The result is a list of blocks: texts are joined, one to a line; anything
 * else (an image, a resource) is given as the JSON it is.
 */
#include "config.h"

#include "codex/codex.h"

struct block {
	struct lhk_text type;
	struct lhk_text text;
};

static const struct lhk_field block_fields[] = {
	LHK_FIELD ("type", LHK_FIELD_TEXT, struct block, type),
	LHK_FIELD ("text", LHK_FIELD_TEXT, struct block, text),
};
LHK_FIELDS (block_table, struct block, block_fields);

struct mcp_result {
	struct lhk_raw content;
};

static const struct lhk_field mcp_result_fields[] = {
	LHK_FIELD ("content", LHK_FIELD_RAW, struct mcp_result, content),
};
LHK_FIELDS (mcp_result_table, struct mcp_result, mcp_result_fields);

/* The blocks of CONTENT as texts.  1; 0 if one of them is no text;
 * LHK_ENOMEM. */
static int
texts_of_blocks (struct codex *c, const struct lhk_raw *content,
		 struct texts *ret)
{
	struct lhk_json j;
	struct lhk_raw raw;
	struct block block;

	if (texts_reserve (ret, &c->arena, raw_count (content)) < 0)
		return LHK_ENOMEM;
	lhk_json_begin_raw (&j, content);
	lhk_json_enter (&j);
	while (lhk_json_element (&j) && lhk_json_raw (&j, &raw)) {
		if (raw.type != LHK_JSON_OBJECT
		    || lhk_json_raw_object (&raw, &block_table, &block)
			       != LHK_OK
		    || block.text.ptr == NULL)
			return 0;
		if (texts_add (ret, &c->arena, &block.text) < 0)
			return LHK_ENOMEM;
	}
	return 1;
}

static int
mcp_output (struct codex *c, const struct codex_item *item,
	    struct lhk_ev_tool *e)
{
	struct texts texts = { NULL, 0, 0 };
	struct mcp_result result;
	int r = 0;

	codex_error_text (&item->error, &e->output);
	if (e->output.ptr != NULL || item->result.type == LHK_JSON_NONE
	    || item->result.type == LHK_JSON_NULL)
		return LHK_OK;
	if (item->result.type == LHK_JSON_OBJECT
	    && lhk_json_raw_object (&item->result, &mcp_result_table, &result)
		       == LHK_OK
	    && result.content.type == LHK_JSON_ARRAY)
		r = texts_of_blocks (c, &result.content, &texts);
	if (r < 0)
		return r;
	if (r > 0 && texts.n > 0)
		return text_join_by (&c->arena, &texts, "\n", &e->output);
	e->output = text_of (item->result.ptr, item->result.len);
	e->flags |= LHK_TOOL_OUTPUT_JSON;
	return LHK_OK;
}

int
codex_fill_mcp (struct codex *c, const struct codex_item *item,
		struct lhk_ev_tool *e)
{
	e->name = item->tool;
	e->type = tool_type_of (&item->tool);
	e->server = item->server;
	if (item->arguments.type != LHK_JSON_NONE
	    && item->arguments.type != LHK_JSON_NULL)
		e->input = str_of_raw (&item->arguments);
	tool_brief_of (&item->arguments, &e->brief);
	return mcp_output (c, item, e);
}
