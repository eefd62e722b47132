/* SPDX-License-Identifier: MIT */
/*
 * command_template.h - the templates of command lines in descriptors.
 */
#ifndef PLUGIN_COMMAND_TEMPLATE_H
#define PLUGIN_COMMAND_TEMPLATE_H

#include <linehook/plugin.h>

/* What stands in a word for something that the caller gives. */
enum {
	TEMPLATE_PROMPT,
	TEMPLATE_MODEL,
	TEMPLATE_SESSION,
	TEMPLATE_ARGS,
	TEMPLATE_PLACES
};

/* Beside LHK_WITH_*: the place of the caller's own words. */
#define TEMPLATE_WITH_ARGS (1u << 31)

struct template_place {
	const char *text; /* "{prompt}" */
	size_t len;
	uint32_t with; /* LHK_WITH_*, or TEMPLATE_WITH_ARGS */
};

extern const struct template_place template_places[TEMPLATE_PLACES];

/* The place that TEXT begins with, or NULL. */
const struct template_place *template_place_at (const char *text);

/* The number of words of PART; 0: it is the end of the template. */
size_t template_part_words (const struct lhk_command_part *part);

/* All that PART needs, by its flags and by the places in its words. */
uint32_t template_part_needs (const struct lhk_command_part *part);

/*
 * Check the members `command' and `agent_env' of a descriptor, which may be
 * NULL.  LHK_OK, or LHK_EABI and a sentence that begins with the plugin WHERE:
 * a template that has passed can be used as it is.
 */
int command_template_check (const struct lhk_plugin *plugin, const char *where,
			    struct lhk_error *err);

#endif /* PLUGIN_COMMAND_TEMPLATE_H */
