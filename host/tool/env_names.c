/* SPDX-License-Identifier: MIT */
/* env_names.c - which variables a caller may set for a tool. */
#include "config.h"

#include <string.h>

#include "common/macros.h"
#include "tool/env_names.h"

/* Every name that begins like this, unless it is allowed below. */
static const char *const refused_prefixes[] = {
	"BASH_FUNC_",  "BUNDLE_",  "BUN_",	  "CARGO_",   "COMPOSER_",
	"CONDA_",      "CORECLR_", "COREPACK_",	  "COR_",     "DENO_",
	"DYLD_",       "GIO_",	   "GIT_",	  "GLIBC_",   "GRADLE_",
	"GST_PLUGIN_", "GTK_",	   "JULIA_",	  "LD_",      "LUA_",
	"MAVEN_",      "NODE_",	   "NPM_CONFIG_", "OPENSSL_", "PERL",
	"PIP_",	       "PNPM_",	   "PYTHON",	  "QT_",      "RUBY",
	"RUST",	       "R_",	   "UV_",	  "XDG_",     "YARN_",
};

/* These do not choose what is loaded or run.  Programs read the proxies in lower
 * case, too. */
static const char *const allowed_names[] = {
	"CARGO_TERM_COLOR",
	"CARGO_TERM_PROGRESS_WHEN",
	"GIT_AUTHOR_EMAIL",
	"GIT_AUTHOR_NAME",
	"GIT_COMMITTER_EMAIL",
	"GIT_COMMITTER_NAME",
	"GIT_TERMINAL_PROMPT",
	"NODE_ENV",
	"NODE_NO_WARNINGS",
	"PIP_DISABLE_PIP_VERSION_CHECK",
	"PIP_NO_CACHE_DIR",
	"PIP_NO_INPUT",
	"PYTHONDONTWRITEBYTECODE",
	"PYTHONHASHSEED",
	"PYTHONIOENCODING",
	"PYTHONUNBUFFERED",
	"PYTHONUTF8",
	"RUST_BACKTRACE",
	"RUST_LOG",
	"UV_THREADPOOL_SIZE",
	"XDG_CACHE_HOME",
	"XDG_RUNTIME_DIR",
	"XDG_SESSION_ID",
	"XDG_SESSION_TYPE",
	"XDG_STATE_HOME",
	"all_proxy",
	"ftp_proxy",
	"http_proxy",
	"https_proxy",
	"no_proxy",
};

static const char *const refused_names[] = {
	"ANT_ARGS",
	"ANT_OPTS",
	"ASDF_DATA_DIR",
	"ASDF_DIR",
	"BASHOPTS",
	"BASH_ENV",
	"BROWSER",
	"CAML_LD_LIBRARY_PATH",
	"CC",
	"CDPATH",
	"CLASSPATH",
	"CURL_HOME",
	"CXX",
	"DOTNET_ADDITIONAL_DEPS",
	"DOTNET_ROOT",
	"DOTNET_SHARED_STORE",
	"DOTNET_STARTUP_HOOKS",
	"EDITOR",
	"ELIXIR_ERL_OPTIONS",
	"EMACSLOADPATH",
	"ENV",
	"ERL_AFLAGS",
	"ERL_FLAGS",
	"ERL_LIBS",
	"ERL_ZFLAGS",
	"EXINIT",
	"FCEDIT",
	"FPATH",
	"GCONV_PATH",
	"GEM_HOME",
	"GEM_PATH",
	"GHC_PACKAGE_PATH",
	"GLOBIGNORE",
	"GNUMAKEFLAGS",
	"GNUPGHOME",
	"GOENV",
	"GOFLAGS",
	"GOPATH",
	"GOROOT",
	"GOTOOLCHAIN",
	"GUILE_LOAD_COMPILED_PATH",
	"GUILE_LOAD_PATH",
	/* Interpreters load code from it unasked: usercustomize.py, .npmrc,
	 * .gitconfig, .bashrc.  That of the calling process holds. */
	"HOME",
	"HOSTALIASES",
	"IFS",
	"INPUTRC",
	"JAVA_HOME",
	"JAVA_OPTS",
	"JAVA_TOOL_OPTIONS",
	"JDK_JAVA_OPTIONS",
	"JVM_OPTS",
	"KRB5_CONFIG",
	"LESSCLOSE",
	"LESSOPEN",
	"LIBGL_DRIVERS_PATH",
	"LINEHOOK_TREE",
	"LOCALDOMAIN",
	"LOCPATH",
	"LUAROCKS_CONFIG",
	"M2_HOME",
	"MAGICK_CODER_MODULE_PATH",
	"MAGICK_CONFIGURE_PATH",
	"MAKEFILES",
	"MAKEFLAGS",
	"MALLOC_TRACE",
	"MANPAGER",
	"MFLAGS",
	"MISE_CONFIG_DIR",
	"MISE_DATA_DIR",
	"MONO_PATH",
	"MYVIMRC",
	"NLSPATH",
	"NODENV_ROOT",
	"NVM_DIR",
	"OCAMLPATH",
	"PAGER",
	/* It would choose which program the tool is, and which ones the tool
	 * runs: the PATH of the calling process holds. */
	"PATH",
	"PHPRC",
	"PHP_INI_SCAN_DIR",
	"PROMPT_COMMAND",
	"PS4",
	"PYENV_ROOT",
	"RBENV_ROOT",
	"RESOLV_HOST_CONF",
	"RES_OPTIONS",
	"SASL_PATH",
	"SBT_OPTS",
	"SCREENRC",
	"SHELL",
	"SHELLOPTS",
	"SSH_ASKPASS",
	"SUDO_ASKPASS",
	"SUDO_EDITOR",
	"SYSTEMD_PAGER",
	"TCLLIBPATH",
	"TCL_LIBRARY",
	"TERMINFO",
	"TERMINFO_DIRS",
	"VIM",
	"VIMINIT",
	"VIMRUNTIME",
	"VIRTUAL_ENV",
	"VISUAL",
	"VOLTA_HOME",
	"WGETRC",
	"ZDOTDIR",
	"_JAVA_OPTIONS",
};

static int
is_listed (const char *const *list, size_t n, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen (list[i]) == len && memcmp (list[i], name, len) == 0)
			return 1;
	return 0;
}

int
tool_env_is_harmless (const char *name, size_t len)
{
	return is_listed (allowed_names, ARRAY_SIZE (allowed_names), name, len);
}

int
tool_env_may_set (const char *name, size_t len)
{
	size_t i, n;

	if (tool_env_is_harmless (name, len))
		return 1;
	for (i = 0; i < ARRAY_SIZE (refused_prefixes); i++) {
		n = strlen (refused_prefixes[i]);
		if (len >= n && memcmp (name, refused_prefixes[i], n) == 0)
			return 0;
	}
	return !is_listed (refused_names, ARRAY_SIZE (refused_names), name,
			   len);
}
