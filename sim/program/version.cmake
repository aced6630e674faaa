# Writes version.c (version.h) at each build; unchanged when nothing changed. An archive
# that git made says its commit in commit.txt; a work tree asks git.
file(READ ${SOURCE}/sim/program/commit.txt commit)
string(SUBSTRING "${commit}" 0 12 commit)
if(commit MATCHES "Format")
  set(commit unknown)
  execute_process(COMMAND git -C ${SOURCE} rev-parse --show-toplevel
    OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND top STREQUAL SOURCE)
    execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
      OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE)
    execute_process(COMMAND git -C ${SOURCE} diff --quiet HEAD RESULT_VARIABLE changed)
    if(changed)
      string(APPEND commit "+")
    endif()
  endif()
endif()
file(WRITE ${OUTPUT}.new "#include \"sim/program/version.h\"
const char version_commit[] = \"${commit}\";
const char version_text[] = \"${VERSION} (${commit})\";
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
