# git_id.cmake: writes HEADER with the git id of the sources in ROOT, if it has changed.
# No time and no path goes in: the same sources give the same image.
execute_process(COMMAND git -C ${ROOT} describe --always --dirty --abbrev=12 --match=v*
  OUTPUT_VARIABLE id OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT id MATCHES "^[a-zA-Z0-9._-]+$")
  set(id unknown)
endif()
string(SUBSTRING ${id} 0 31 id)
file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT [[
/* Made by the build. */
#define GIT_ID "@id@"
]])
