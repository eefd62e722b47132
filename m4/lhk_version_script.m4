dnl SPDX-License-Identifier: MIT
dnl LHK_VERSION_SCRIPT - does the linker take a version script?  It is for
dnl hygiene: hidden visibility already keeps private names private.
AC_DEFUN([LHK_VERSION_SCRIPT], [
  AC_CACHE_CHECK([whether the linker takes --version-script], [lhk_cv_version_script], [
    echo '{ global: main; local: *; };' >conftest.map
    lhk_save_ldflags=$LDFLAGS
    LDFLAGS="$LDFLAGS -Wl,--version-script=conftest.map"
    AC_LINK_IFELSE([AC_LANG_PROGRAM()],
      [lhk_cv_version_script=yes], [lhk_cv_version_script=no])
    LDFLAGS=$lhk_save_ldflags
    rm -f conftest.map
  ])
  AM_CONDITIONAL([HAVE_VERSION_SCRIPT], [test $lhk_cv_version_script = yes])
])
