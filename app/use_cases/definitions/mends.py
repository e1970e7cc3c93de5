"""What mends a problem of a file, by what the problem says; the checks say what is wrong, this what to do."""

from __future__ import annotations

import re

from app.texts import Text

_ROWS: tuple[tuple[str, str, str], ...] = (
    (
        r"not valid XML|no JSON",
        "请从建模工具重新保存并上传完整的文件。",
        "Save the file again in the modeler and upload all of it.",
    ),
    (r"DOCTYPE", "请删除文件开头的 DOCTYPE 声明。", "Delete the DOCTYPE at the beginning of the file."),
    (
        r"more than \d+ (bytes|nodes|elements)|larger than|at most \d+ components",
        "请把它拆成几个较小的文件。",
        "Split it into several smaller files.",
    ),
    (
        r"no BPMN 2\.0|one JSON object|must be the definitions of DMN|no process that",
        "请上传 Camunda Modeler 保存的 BPMN、DMN 或表单文件。",
        "Upload a BPMN, DMN or form file saved by Camunda Modeler.",
    ),
    (
        r"used twice|have the same value|is used twice|names of the output columns",
        "请为其中一个换一个编号。",
        "Give one of the two another id.",
    ),
    (
        r"Sub-processes nest|nest deeper|levels deep",
        "请把内层画成单独的流程并调用它。",
        "Draw the inner part as a process of its own and call it.",
    ),
    (
        r"from or to nothing|crosses the border",
        "请删除这条连线，从元素重新画起。",
        "Delete the flow and draw it again from element to element.",
    ),
    (
        r"refers to no|does not lead to|is not defined",
        "请在属性面板重新选择它所引用的内容。",
        "Choose what it refers to again in the properties panel.",
    ),
    (
        r"from here to itself|endless loop",
        "请加一个网关，用条件让它走出去。",
        "Add a gateway whose condition leads out of the loop.",
    ),
    (r"cannot be reached", "请把它连到流程中，或者删除。", "Connect it with the process, or delete it."),
    (r"No flow may lead here|No flow may leave", "请删除这条连线。", "Delete that flow."),
    (r"Nothing follows", "请画出开始之后的第一步。", "Draw the first step behind it."),
    (r"no start event|no plain start", "请添加一个开始事件。", "Add a start event."),
    (
        r"start event only|start events are alike",
        "请只保留一个，或让它们由不同的消息触发。",
        "Keep one, or let different messages start it.",
    ),
    (
        r"no condition and is not the default",
        "请为它写条件，或设为默认流。",
        "Give it a condition or make it the default flow.",
    ),
    (
        r"belongs behind a gateway",
        "请在这一步之后加一个排他网关，把条件写在网关的连线上。",
        "Put an exclusive gateway behind this step and the condition on its flow.",
    ),
    (r"default flow does not leave", "请重新选择默认流。", "Choose the default flow again."),
    (r"needs two branches", "请再画一个分支，或换成普通连线。", "Draw another branch, or use a plain flow."),
    (
        r"follow an event-based gateway|from the gateway only",
        "请在事件网关之后只放消息或定时事件。",
        "Put message or timer events behind the gateway, and nothing else.",
    ),
    (r"attached to no", "请把边界事件拖到任务的边框上。", "Drag the event onto the border of a task."),
    (
        r"one event definition only",
        "请把它拆成两个事件。",
        "Draw two events instead.",
    ),
    (
        r"mapping case_number",
        "请在输入映射里添加 case_number，值为 = case_number。",
        "Add the input mapping case_number with the value = case_number.",
    ),
    (
        r"must interrupt|interrupts nothing may repeat",
        "请在属性面板改变“中断”的设置。",
        "Change whether it interrupts in the properties panel.",
    ),
    (
        r"[Ii]nput mappings are not|cannot have mappings|or have mappings",
        "请把映射移到前后的任务上。",
        "Move the mapping to the task before or behind.",
    ),
    (
        r"lacks its output element",
        "请填写输出元素，或清空输出集合。",
        "Fill in the output element or clear the output collection.",
    ),
    (
        r"names no candidate groups|Candidate users",
        "请在“办理人”里填写候选组，例如 initial_reviewer。",
        "Fill in candidate groups under Assignment, e.g. initial_reviewer.",
    ),
    (
        r"form inside the diagram",
        "请把表单存成 .form 文件，一起上传。",
        "Save the form as a .form file and upload it too.",
    ),
    (
        r"names no operation",
        "请在“任务定义”里填写操作，见分析师手册的操作表。",
        "Fill in the task type; the analyst's guide lists the operations.",
    ),
    (
        r"It lacks|Its \w+ has no|has no name|has no time|expression is incomplete|lacks its",
        "请在属性面板补上这一项。",
        "Fill this in in the properties panel.",
    ),
    (r"Listeners are not", "请删除监听器，用服务任务代替。", "Delete the listener and use a service task."),
    (r"standard loop", "请删除循环标记，用网关画回去。", "Delete the loop marker and lead back by a gateway."),
    (
        r"is not supported|are not supported|not possible",
        "请换成受支持的画法，见分析师手册。",
        "Use what the analyst's guide lists instead.",
    ),
    (r"cannot be an expression", "请直接写名称，不要以等号开头。", "Write the name itself, without an equals sign."),
    (
        r"is wrong at character|expression .* : |FEEL",
        "请按 FEEL 的写法改正，例如 = amount > 100。",
        "Correct it as FEEL, e.g. = amount > 100.",
    ),
    (
        r"ISO 8601|no valid value",
        "请按 ISO 8601 书写，例如 P3D 表示三天，PT2H 表示两小时。",
        "Write it as ISO 8601, e.g. P3D for three days, PT2H for two hours.",
    ),
    (
        r"is not valid|no variable name|is missing or malformed|id \(the form's key\)",
        "请只用字母、数字和下划线，并以字母开头。",
        "Use letters, digits and underscores only, beginning with a letter.",
    ),
    (
        r"circle|calls itself|require each other|deeper than|longer than",
        "请让其中一个不再调用或引用另一个。",
        "Let one of them no longer call or require the other.",
    ),
    (
        r"There is no|no executable process",
        "请一起上传它，或改成已有的名称。",
        "Upload it too, or use a name that exists.",
    ),
    (
        r"must have one catch",
        "请为同名链接保留恰好一个接收事件。",
        "Keep exactly one catching link event of that name.",
    ),
    (r"no options", "请填写选项。", "Fill in the options."),
    (r"component type", "请换成支持的字段类型。", "Use one of the supported field types."),
    (
        r"hit policy|aggregation",
        "请在表的左上角选择可用的命中策略。",
        "Choose a possible hit policy in the corner of the table.",
    ),
    (r"row \d+ has|the row has", "请让这一行的格数与列数一致。", "Give the row as many cells as there are columns."),
    (r"no decision|no logic|no output|no expression", "请补上缺少的内容。", "Add what is missing."),
)
MENDS = tuple((re.compile(pattern), Text(zh, en)) for pattern, zh, en in _ROWS)


def mend_of(problem: Text) -> Text | None:
    """What to do about a problem; None where its own words say so already."""
    return next((mend for pattern, mend in MENDS if pattern.search(problem.of("en"))), None)
