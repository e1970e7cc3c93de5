"""What a person is told of a file that is no XML: where it breaks and how, never the parser's own words."""

from __future__ import annotations

from lxml import etree

from app.texts import Text

BROKEN = Text("不是有效的 XML", "this is not valid XML")
HOW = {
    "ERR_DOCUMENT_EMPTY": Text("文件不是以标签开头", "it does not begin with a tag"),
    "ERR_DOCUMENT_END": Text("根标签之后还有内容", "something follows the outermost tag"),
    "ERR_TAG_NAME_MISMATCH": Text("开始标签和结束标签不成对", "an opening tag and a closing tag do not match"),
    "ERR_TAG_NOT_FINISHED": Text("文件在标签没有结束的地方中断", "the file breaks off before a tag is closed"),
    "ERR_GT_REQUIRED": Text("文件在标签没有写完的地方中断", "the file breaks off inside a tag"),
    "ERR_LT_IN_ATTRIBUTE": Text("属性里有没有转义的“<”", "an attribute holds an unescaped <"),
    "ERR_ATTRIBUTE_REDEFINED": Text("同一个属性写了两次", "an attribute is written twice"),
    "ERR_ATTRIBUTE_NOT_STARTED": Text("属性值没有加引号", "an attribute's value has no quotes"),
    "ERR_ATTRIBUTE_NOT_FINISHED": Text("属性值没有写完", "an attribute's value is not finished"),
    "ERR_INVALID_CHAR": Text("有 XML 不允许的字符", "it holds a character that XML does not allow"),
    "ERR_INVALID_ENCODING": Text("文字编码不是 UTF-8", "its text is not encoded in UTF-8"),
    "ERR_UNDECLARED_ENTITY": Text("使用了没有定义的实体", "it uses an entity that is not declared"),
    "WAR_UNDECLARED_ENTITY": Text("使用了没有定义的实体", "it uses an entity that is not declared"),
    "ERR_ENTITY_LOOP": Text("实体相互展开没有尽头", "its entities expand without end"),
    "ERR_RESOURCE_LIMIT": Text("标签嵌套过深或内容过大", "its tags nest too deep or its content is too large"),
    "ERR_INTERNAL_ERROR": Text("标签嵌套过深或内容过大", "its tags nest too deep or its content is too large"),
    "NS_ERR_UNDEFINED_NAMESPACE": Text("使用了没有声明的前缀", "it uses a prefix that is not declared"),
}
BY_CODE = {int(getattr(etree.ErrorTypes, name)): words for name, words in HOW.items()}


def xml_fault(fault: etree.XMLSyntaxError | ValueError) -> tuple[int | None, Text]:
    """The line of the file where reading stopped (None where unknown), and what is wrong there."""
    if not isinstance(fault, etree.XMLSyntaxError):
        return None, BROKEN
    found = BY_CODE.get(fault.code or 0)
    if found is None:
        return fault.lineno, BROKEN
    return fault.lineno, Text(f"{BROKEN.zh}：{found.zh}", f"{BROKEN.en}: {found.en}")
