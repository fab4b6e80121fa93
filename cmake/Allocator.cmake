# mimalloc, where it is installed: compiling a snippet is many small allocations, and a sixth of its
# time was glibc's malloc.  A sanitizer brings its own.
find_library(ORMC_MIMALLOC mimalloc)

function(ormc_allocator target)
  if(ORMC_MIMALLOC AND NOT ORMC_SANITIZE)
    target_link_libraries(${target} PRIVATE
      -Wl,--push-state,--no-as-needed ${ORMC_MIMALLOC} -Wl,--pop-state)
  endif()
endfunction()
