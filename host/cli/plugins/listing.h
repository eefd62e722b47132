/* SPDX-License-Identifier: MIT */
/* listing.h - a plugin that was found or refused: a JSON object, or a row. */
#ifndef CLI_PLUGINS_LISTING_H
#define CLI_PLUGINS_LISTING_H

#include <linehook/host.h>

#include "cli/output/table.h"

extern const struct table_layout listing_layout;

/* Add a row to a table of this layout. */
void listing_row (struct table *t, const struct lhk_plugin_entry *e);

/* Add a line with the command that starts the plugin's agent, if it has one. */
void listing_command (struct table *t, const struct lhk_plugin_entry *e);

/* Write one object, without a newline behind it. */
void listing_json (struct outbuf *o, const struct lhk_plugin_entry *e);

#endif /* CLI_PLUGINS_LISTING_H */
