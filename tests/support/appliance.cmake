# SPDX-FileCopyrightText: 2026 The ClawLoops authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests on the one appliance that e2e/ brings up; the folders may come in any order, fixtures keep that of the tests.
include_guard(GLOBAL)
set_property(GLOBAL PROPERTY CLAWLOOPS_APPLIANCE_STATE "${CMAKE_BINARY_DIR}/appliance.json")

# clawloops_appliance_test(NAME TIMEOUT s LABELS ... COMMAND ...): runs while the appliance is up, after the story, one at a time
function(clawloops_appliance_test name)
    cmake_parse_arguments(A "" "TIMEOUT" "LABELS;COMMAND" ${ARGN})
    get_property(state GLOBAL PROPERTY CLAWLOOPS_APPLIANCE_STATE)
    add_test(NAME ${name} COMMAND ${A_COMMAND})
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED "appliance;story" LABELS "e2e;${A_LABELS}" TIMEOUT ${A_TIMEOUT}
        RESOURCE_LOCK appliance ENVIRONMENT "CLAWLOOPS_STATE=${state};QT_QPA_PLATFORM=offscreen")
    set_property(GLOBAL APPEND PROPERTY CLAWLOOPS_APPLIANCE_TESTS ${name})
endfunction()
