# What goes into the wheel beside the Django app: the programs in ai_assistant/bin, and in ai_assistant/lib
# every shared library that they need but for those of the C library, which must be the system's own.
# DT_RPATH, not DT_RUNPATH: only the former also serves the libraries that a library needs.
function(ormc_wheel)
  set_target_properties(${ARGN} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
  foreach(program IN LISTS ARGN)
    target_link_options(${program} PRIVATE -Wl,--disable-new-dtags)
    list(APPEND programs "$<TARGET_FILE:${program}>")
  endforeach()
  install(TARGETS ${ARGN} RUNTIME DESTINATION ai_assistant/bin COMPONENT wheel)
  install(CODE "set(programs \"${programs}\")" COMPONENT wheel)
  install(CODE [[
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${programs} RESOLVED_DEPENDENCIES_VAR libraries
         PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so")
    set(folder "${CMAKE_INSTALL_PREFIX}/ai_assistant/lib")
    file(MAKE_DIRECTORY "${folder}")
    foreach(library IN LISTS libraries)
      cmake_path(GET library FILENAME name)
      # Under the name that is asked for: a wheel has no symbolic links.
      file(COPY_FILE "${library}" "${folder}/${name}" ONLY_IF_DIFFERENT)
    endforeach()
  ]] COMPONENT wheel)
endfunction()
