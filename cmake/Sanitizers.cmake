# Builds with LOSSLAB_SANITIZE (the presets asan and tsan): what they find ends the program, so that a test fails by it.
if(NOT LOSSLAB_SANITIZE)
    return()
endif()
# Memory is looked at as the source says it, more or less, and stacks are short enough to read.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
add_compile_options(-fsanitize=${LOSSLAB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(-fsanitize=${LOSSLAB_SANITIZE})
add_compile_definitions(_GLIBCXX_ASSERTIONS QT_FORCE_ASSERTS)
