if(ORMC_SANITIZE)
  add_compile_options(-fsanitize=${ORMC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ORMC_SANITIZE})
endif()
