dnl SPDX-License-Identifier: MIT
dnl LHK_CUNIT - CUnit runs the unit tests; without it `make check' stops and
dnl says so, the rest builds.
AC_DEFUN([LHK_CUNIT], [
  PKG_CHECK_MODULES([CUNIT], [cunit], [lhk_cunit=yes], [
    AC_CHECK_HEADER([CUnit/CUnit.h],
      [AC_CHECK_LIB([cunit], [CU_initialize_registry],
        [lhk_cunit=yes CUNIT_LIBS=-lcunit], [lhk_cunit=no])],
      [lhk_cunit=no])
  ])
  AS_IF([test $lhk_cunit = yes], [lhk_cunit_summary=yes],
    [lhk_cunit_summary="no: CUnit is missing (Debian: apt-get install libcunit1-dev)"])
  AC_SUBST([CUNIT_CFLAGS])
  AC_SUBST([CUNIT_LIBS])
  AM_CONDITIONAL([HAVE_CUNIT], [test $lhk_cunit = yes])
])
