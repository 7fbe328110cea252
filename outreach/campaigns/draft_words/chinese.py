"""The words by which a note in Chinese is read. Words have no edges, and lines end within them."""

from outreach.campaigns.draft_findings import MandateBody
from outreach.campaigns.draft_words.shape import NoteWords
from outreach.directory.words import InstitutionKind, Seat, Sector

_FIGURE = "[一二三四五六七八九十]"

CHINESE = NoteWords(
    common="的|在|和|该|请|关于|与|为|并|将",
    date=rf"(?P<year>\d{{4}}|[〇零○一二三四五六七八九]{{4}})\s?年\s?(?P<month>\d{{1,2}}|{_FIGURE}{{1,2}})\s?月\s?(?P<day>\d{{1,2}}|{_FIGURE}{{1,3}})\s?[日号]",
    months={str(number): number for number in range(1, 13)},
    weekday=r"\(?(?:星期|周)[一二三四五六日天]\)?",
    until_included=r"(?:不|至|最)迟(?:于|在|不超过|不晚于)?|不晚于|(?:截止(?:日期|时间|期限)?|(?:最后|最终)(?:期限|日期))[^。;\n]{0,30}?(?:为|是|:|定于|于|至)|截至",
    until_open="(?!)",
    closing_included="(?:当[日天])?(?:或|及)(?:之前|以前|前)|(?:截止|为止|止)",
    closing_open="之前|以前|前",
    to_the_day="(?!)",
    clock=(
        r"(?:(?:(?P<pm>下午|晚上|晚间|夜间)|(?P<am>上午|早上|凌晨))?\s?(?P<h>\d{1,2})\s?(?P<unit>:|时|点)(?:整|\s?(?P<m>\d{2})\s?分?)?)"
    ),
    reply="答复|回复|问卷|调查表|提交|材料|意见|寄送|发送|转交|提供|截止|反馈|资料|送交",
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "人权理事会",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "经济及社会理事会|经济和社会理事会|经社理事会",
        MandateBody.SECURITY_COUNCIL: "安全理事会|安理会",
        MandateBody.GENERAL_ASSEMBLY: "大会",
    },
    resolution=r"第?\s?{number}\s?号?\s?决议|决议[^\d。;]{0,12}?{number2}",
    entitled=r"(?:题为|标题为|关于)\s?{quoted}",
    mission=r"常驻(?=[^。;]{0,45}?代表团)",
    observer=r"常驻(?=[^。;]{0,60}?(?:观察员|观察团))|观察员(?:代表团|办事处|办公室)|观察团",
    seats={Seat.GENEVA: "日内瓦", Seat.NEW_YORK: "纽约|联合国代表团"},
    ministries=r"部委|各部(?!分)|(?:主管|有关|相关|职能|政府)部门|(?:外交|卫生|教育|劳动|农业|司法|财政|文化|发展|计划|规划)\w{0,6}?部(?![门分])",
    sectors={
        Sector.FOREIGN_AFFAIRS: "外交",
        Sector.HEALTH: "卫生|医疗",
        Sector.EDUCATION: "教育",
        Sector.LABOUR: "劳动|劳工|就业|人力资源",
        Sector.AGRICULTURE: "农业|农村",
        Sector.JUSTICE: "司法",
        Sector.FINANCE: "财政|财务",
        Sector.CULTURE: "文化",
        Sector.DEVELOPMENT: "发展",
        Sector.PLANNING: "规划|计划",
    },
    local="地方(?:各级)?(?:政府|当局|行政(?:机关|部门|当局)|机关|主管(?:部门|机关)|机构)|市政(?:当局|府)|国家以下(?:各级)?(?:政府|当局|机构)?",
    stakeholders={
        InstitutionKind.BUSINESS: "私营部门|企业|工商界|公司",
        InstitutionKind.TRADE_UNION: "工会|劳工组织",
        InstitutionKind.UNIVERSITY: "大学|学术界|学术机构|高等院校|高校",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: "专业(?:协会|团体|组织)|行业协会",
        InstitutionKind.CIVIL_SOCIETY: "民间社会|公民社会|非政府组织",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: "国家人权机构",
        InstitutionKind.INTERGOVERNMENTAL: "政府间组织",
    },
    title_of_person="(?!)",
    annex=r"附[件录文]",
    questionnaire="问卷|调查表|问题单",
    online="在线|网上|网络|联机",
    placeholder=r"\[[^][\n]{0,100}(?:链接|网址|连接)[^][\n]{0,100}\](?!\()|【[^】\n]{0,100}(?:链接|网址)[^】\n]{0,100}】",
    subject="事由|主题|事项",
    compliments=r"致意",
    honour=r"荣幸|谨",
    courtesies=r"(?:最崇高|崇高|最高)的?敬意|借此机会[^。]{0,60}(?:敬意|致意)",
    zones={
        "Europe/Zurich": "日内瓦(?:当地)?时间|欧洲中部(?:夏令)?时间|中欧(?:夏令)?时间",
        "America/New_York": "纽约(?:当地)?时间|(?:美国)?东部(?:标准|夏令)?时间",
    },
    edge="",
    left="",
    right="",
    name_after=r"[^\W\d_a-z][^\s()（）,，。、和与:：]{1,20}(?:\s[A-Z][\w'.-]*){0,3}\s?(?:女士|先生|博士|教授)",
    gap=r"\s*",
    place_after=r"(?:,|于)?\s?[\u4e00-\u9fff]{2,6}",
)
