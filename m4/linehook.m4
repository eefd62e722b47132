# SPDX-License-Identifier: MIT
# linehook.m4 - for autotools builds of plugins.                  serial 2
#
# LINEHOOK_PLUGIN([MINIMUM-VERSION])
#
# Needs linehook's headers and its static JSON reader, of plugin ABI 1; without
# them configure ends with the reason.  Sets and substitutes
# LHK_PLUGIN_CFLAGS, LHK_PLUGIN_LIBS and linehook_plugindir (where
# the host looks for plugins), each of which the user can set instead.  In
# Makefile.am:
#
#	linehookdir = $(linehook_plugindir)
#	linehook_LTLIBRARIES = hello.la
#	hello_la_SOURCES = hello.c
#	hello_la_CFLAGS = $(LHK_PLUGIN_CFLAGS) -fvisibility=hidden
#	hello_la_LDFLAGS = -module -avoid-version -shared -no-undefined
#	hello_la_LIBADD = $(LHK_PLUGIN_LIBS)
#
# The host refuses a plugin that others than its owner may write to: with a
# umask of 002, install it with mode 755 (libtool does).
AC_DEFUN([LINEHOOK_PLUGIN], [
  AC_REQUIRE([PKG_PROG_PKG_CONFIG])
  dnl A prefix of variables that is the name of a macro would be expanded.
  PKG_CHECK_MODULES([LHK_PLUGIN], [linehook-plugin m4_ifval([$1], [>= $1])])
  PKG_CHECK_VAR([linehook_plugindir], [linehook-plugin], [plugindir], [],
    [AC_MSG_ERROR([linehook-plugin.pc does not say where plugins are installed; set linehook_plugindir])])
  PKG_CHECK_VAR([linehook_abi_major], [linehook-plugin], [abi_major])
  AC_MSG_CHECKING([for plugin ABI 1 of linehook])
  AS_IF([test "x$linehook_abi_major" = x1], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no, $linehook_abi_major])
     AC_MSG_ERROR([this plugin is written for ABI 1 of linehook; see linehook-abi(7)])])
])
