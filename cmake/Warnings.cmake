# losslab_warnings(target): the warnings every target of ours is built with.
function(losslab_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion)
    if(LOSSLAB_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
