/* SPDX-License-Identifier: MIT */
/*
 * launchers.c - programs whose command line ends in the command that they run.
 *
 * What is not here is left to the output: a shell with a string, a script,
 * make, ssh, and programs like docker, whose options nobody can keep up with.
 */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "plugin/launchers.h"

#define PACKAGES "package call cache workspace prefix"
#define PYTHON                                                                 \
	"with with-editable with-requirements python package project "         \
	"directory extra group only-group no-group env-file index "            \
	"default-index find-links config-file cache-dir color"
#define BIND                                                                   \
	"bind:2 bind-try:2 dev-bind:2 dev-bind-try:2 ro-bind:2 "               \
	"ro-bind-try:2 bind-fd:2 ro-bind-fd:2 bind-data:2 ro-bind-data:2 "     \
	"file:2 symlink:2 chmod:2 setenv:2 overlay:3 args argv0 userns "       \
	"userns2 pidns uid gid hostname chdir unsetenv lock-file sync-fd "     \
	"remount-ro overlay-src tmp-overlay ro-overlay exec-label "            \
	"file-label proc dev tmpfs mqueue dir seccomp add-seccomp-fd "         \
	"block-fd userns-block-fd info-fd json-status-fd perms size "          \
	"cap-add cap-drop"
#define PRIV                                                                   \
	"reuid regid ruid euid rgid egid groups inh-caps ambient-caps "        \
	"bounding-set securebits pdeathsig selinux-label apparmor-profile"
#define SUDO                                                                   \
	"user group chdir host prompt role type other-user close-from "        \
	"chroot command-timeout"
#define UNIT                                                                   \
	"unit property description slice service-type uid gid nice "           \
	"working-directory setenv host machine on-active on-boot "             \
	"on-startup on-unit-active on-unit-inactive on-calendar "              \
	"timer-property path-property socket-property background"
#define XVFB "error-file auth-file server-num xauth-protocol server-args wait"
#define NODE                                                                   \
	"require import loader experimental-loader conditions env-file "       \
	"input-type title"

/* clang-format off: a table */
static const struct launcher launchers[] = {
	/* surroundings of a process */
	{ "env", NULL, "uCSa", "unset chdir split-string argv0", 0,
	  LAUNCHER_ASSIGN },
	{ "cross-env", NULL, "", "", 0, LAUNCHER_ASSIGN },
	{ "nice", NULL, "n", "adjustment", 0, 0 },
	{ "ionice", NULL, "cn", "class classdata", 0, 0 },
	{ "chrt", NULL, "TPD", "sched-runtime sched-period sched-deadline", 1,
	  0 },
	{ "taskset", NULL, "", "", 1, 0 },
	{ "numactl", NULL, "imNCpPw", "", 0, 0 },
	{ "nohup", NULL, "", "", 0, 0 },
	{ "setsid", NULL, "", "", 0, 0 },
	{ "setpriv", NULL, "", PRIV, 0, 0 },
	{ "prlimit", NULL, "po", "pid output", 0, 0 },
	{ "softlimit", NULL, "adsmlofcprt", "", 0, 0 },
	{ "stdbuf", NULL, "ioe", "input output error", 0, 0 },
	{ "unbuffer", NULL, "", "", 0, 0 },
	{ "timeout", NULL, "ks", "kill-after signal", 1, 0 },
	{ "flock", NULL, "wEc", "timeout wait conflict-exit-code command", 1,
	  0 },
	{ "chroot", NULL, "", "userspec groups", 1, 0 },
	{ "unshare", NULL, "SGRw",
	  "setuid setgid root wd propagation "
	  "map-user map-group",
	  0, 0 },
	{ "nsenter", NULL, "tSG", "target setuid setgid", 0, 0 },
	{ "cgexec", NULL, "g", "", 0, 0 },
	{ "fakeroot", NULL, "lisbf", "", 0, 0 },
	{ "eatmydata", NULL, "", "", 0, 0 },
	{ "caffeinate", NULL, "tw", "", 0, 0 },
	{ "torsocks", NULL, "uaP", "user pass address port", 0, 0 },
	{ "proxychains", NULL, "f", "", 0, 0 },
	{ "proxychains4", NULL, "f", "", 0, 0 },
	{ "busybox", NULL, "", "", 0, 0 },

	/* other users */
	{ "sudo", NULL, "ugCDhprtTUR", SUDO, 0, LAUNCHER_ASSIGN },
	{ "doas", NULL, "uC", "", 0, 0 },
	{ "pkexec", NULL, "", "user", 0, 0 },
	{ "runuser", NULL, "ugGs", "user group supp-group shell", 0,
	  LAUNCHER_USER },
	{ "gosu", NULL, "", "", 1, 0 },
	{ "su-exec", NULL, "", "", 1, 0 },
	{ "setuidgid", NULL, "", "", 1, 0 },
	{ "s6-setuidgid", NULL, "", "", 1, 0 },
	{ "s6-applyuidgid", NULL, "uUgG", "", 0, 0 },
	{ "s6-envdir", NULL, "", "", 1, 0 },
	{ "envdir", NULL, "", "", 1, 0 },
	{ "chpst", NULL, "uUbe/nlLmdofpcrt", "", 0, 0 },

	/* the first process of a container */
	{ "tini", NULL, "ep", "", 0, 0 },
	{ "tini-static", NULL, "ep", "", 0, 0 },
	{ "docker-init", NULL, "ep", "", 0, 0 },
	{ "dumb-init", NULL, "r", "rewrite", 0, 0 },
	{ "catatonit", NULL, "", "", 0, 0 },
	{ "my_init", NULL, "", "", 0, LAUNCHER_DASHES },

	/* sandboxes, and what watches */
	{ "bwrap", NULL, "", BIND, 0, 0 },
	{ "firejail", NULL, "", "", 0, 0 },
	{ "nsjail", NULL, "", "", 0, LAUNCHER_DASHES },
	{ "systemd-run", NULL, "pHMEuC", UNIT, 0, 0 },
	{ "systemd-inhibit", NULL, "", "what who why mode", 0, 0 },
	{ "dbus-run-session", NULL, "", "config-file dbus-daemon", 0, 0 },
	{ "ssh-agent", NULL, "aEtPO", "", 0, 0 },
	{ "xvfb-run", NULL, "efnpsw", XVFB, 0, 0 },
	{ "time", NULL, "fo", "format output", 0, 0 },
	{ "strace", NULL, "abeEIoOpPsSuUX",
	  "output attach columns "
	  "string-limit user env",
	  0, 0 },
	{ "ltrace", NULL, "aAeFlnopsuwx", "align output library user", 0, 0 },
	{ "valgrind", NULL, "", "", 0, 0 },
	{ "flatpak-spawn", NULL, "", "", 0, 0 },
	{ "distrobox", "enter", "", "", 0, LAUNCHER_DASHES },
	{ "toolbox", "run", "cdr", "container distro release", 0, 0 },

	/* tools and packages of a project */
	{ "bun", "x", "", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "bun", "run", "r", "", 0, LAUNCHER_SCRIPT },
	{ "bun", NULL, "r", "", 0, LAUNCHER_SCRIPT },
	{ "bunx", NULL, "p", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "deno", "run", "c", "config import-map", 0, LAUNCHER_SCRIPT },
	{ "node", NULL, "rC", NODE, 0, LAUNCHER_SCRIPT },
	{ "nodejs", NULL, "rC", NODE, 0, LAUNCHER_SCRIPT },
	{ "corepack", NULL, "", "", 0, 0 },
	{ "npm", "exec", "pcw", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "npm", "x", "pcw", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "npx", NULL, "pcw", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "pnpm", "dlx", "", PACKAGES " allow-build", 0, LAUNCHER_PACKAGE },
	{ "pnpm", "exec", "", "", 0, LAUNCHER_PACKAGE },
	{ "pnpm", "run", "", "", 0, LAUNCHER_PACKAGE },
	{ "pnpm", NULL, "CF", "dir filter", 0, LAUNCHER_PACKAGE },
	{ "pnpx", NULL, "", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "yarn", "dlx", "p", PACKAGES, 0, LAUNCHER_PACKAGE },
	{ "yarn", "exec", "", "", 0, LAUNCHER_PACKAGE },
	{ "yarn", "run", "", "", 0, LAUNCHER_PACKAGE },
	{ "yarn", NULL, "", "cwd", 0, LAUNCHER_PACKAGE },
	{ "uv", "run", "pwCifP", PYTHON, 0, 0 },
	{ "uvx", NULL, "pwCifP", PYTHON " from", 0, LAUNCHER_PACKAGE },
	{ "pipx", "run", "", "spec python pip-args index-url", 0,
	  LAUNCHER_PACKAGE },
	{ "poetry", "run", "", "", 0, 0 },
	{ "pipenv", "run", "", "", 0, 0 },
	{ "pdm", "run", "p", "project site-packages", 0, 0 },
	{ "hatch", "run", "", "", 0, 0 },
	{ "rye", "run", "", "", 0, 0 },
	{ "conda", "run", "np", "name prefix cwd", 0, 0 },
	{ "mamba", "run", "np", "name prefix cwd", 0, 0 },
	{ "micromamba", "run", "nrpe", "name prefix root-prefix cwd env", 0,
	  0 },
	{ "mise", "exec", "", "", 0, LAUNCHER_DASHES },
	{ "mise", "x", "", "", 0, LAUNCHER_DASHES },
	{ "asdf", "exec", "", "", 0, 0 },
	{ "volta", "run", "", "node npm pnpm yarn env", 0, 0 },
	{ "fnm", "exec", "", "using", 0, 0 },
	{ "direnv", "exec", "", "", 1, 0 },
	{ "nix", "develop", "", "", 0, LAUNCHER_COMMAND },
	{ "nix", "shell", "", "", 0, LAUNCHER_COMMAND },
	{ "guix", "shell", "", "", 0, LAUNCHER_DASHES },

	/* what brings secrets */
	{ "dotenvx", "run", "", "", 0, LAUNCHER_DASHES },
	{ "op", "run", "", "", 0, LAUNCHER_DASHES },
	{ "doppler", "run", "", "", 0, LAUNCHER_DASHES },
	{ "infisical", "run", "", "", 0, LAUNCHER_DASHES },
	{ "aws-vault", "exec", "", "", 0, LAUNCHER_DASHES },
	{ "chamber", "exec", "", "", 0, LAUNCHER_DASHES },
};
/* clang-format on */

static const char *
base_of (const char *path)
{
	const char *slash = strrchr (path, '/');

	return slash == NULL ? path : slash + 1;
}

const struct launcher *
launcher_find (const char *const *argv)
{
	const char *base = base_of (argv[0]);
	size_t i;

	for (i = 0; i < ARRAY_SIZE (launchers); i++) {
		const struct launcher *l = &launchers[i];

		if (strcmp (l->name, base) == 0
		    && (l->sub == NULL
			|| (argv[1] != NULL && strcmp (argv[1], l->sub) == 0)))
			return l;
	}
	return NULL;
}

/* The number of words that follow the long option NAME, by the LIST. */
static size_t
long_values (const char *list, const char *name)
{
	size_t len = strlen (name);
	size_t n;

	for (; *list != '\0'; list += n + (list[n] == ' ')) {
		n = strcspn (list, " ");
		if (n < len || memcmp (list, name, len) != 0)
			continue;
		if (n == len)
			return 1;
		if (list[len] == ':')
			return (size_t) (list[len + 1] - '0');
	}
	return 0;
}

size_t
launcher_option_values (const struct launcher *l, const char *word)
{
	size_t i;

	if (word[1] == '-')
		return long_values (l->longs, word + 2);
	/* In a cluster, the first letter that takes a value has the rest of
	 * the word, or else the next one. */
	for (i = 1; word[i] != '\0'; i++)
		if (strchr (l->letters, word[i]) != NULL)
			return word[i + 1] == '\0';
	return 0;
}
