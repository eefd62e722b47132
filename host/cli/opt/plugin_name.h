/* SPDX-License-Identifier: MIT */
/* plugin_name.h - names of plugins that the user gave. */
#ifndef CLI_OPT_PLUGIN_NAME_H
#define CLI_OPT_PLUGIN_NAME_H

#include <linehook/host.h>

/* ERR is why the plugin NAME was not found: name in it the plugin that was
 * probably meant, or what else NAME may be. */
void plugin_name_explain (struct lhk_host *host, const char *name,
			  struct lhk_error *err);

/* The program of an agent that NAME, which is not there, was probably meant to
 * be; NULL: nothing is near. */
const char *plugin_program_nearest (struct lhk_host *host, const char *name);

#endif /* CLI_OPT_PLUGIN_NAME_H */
