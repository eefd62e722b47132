/* SPDX-License-Identifier: MIT */
/* listing.h - a plugin that was found or refused, as one JSON object. */
#ifndef CLI_PLUGINS_LISTING_H
#define CLI_PLUGINS_LISTING_H

#include <linehook/host.h>

#include "common/outbuf.h"

/* Names of LHK_PLUGIN_*, with commas; JSON: in quotes, else "-" for none. */
void listing_flags (struct outbuf *o, uint32_t flags, int json);

/* Without a newline behind it. */
void listing_json (struct outbuf *o, const struct lhk_plugin_entry *e);

#endif /* CLI_PLUGINS_LISTING_H */
