"""What the world's institutions answer to the sample's questionnaire, in their own languages. All of it is invented."""

from collections.abc import Mapping

INVENTED = {
    "ar": "إجابة مختلقة لأغراض العرض التجريبي فقط.",
    "zh": "此答复系为演示而虚构。",
    "en": "Invented answer, for the demonstration only.",
    "fr": "Réponse inventée, pour la démonstration uniquement.",
    "ru": "Вымышленный ответ, только для демонстрации.",
    "es": "Respuesta inventada, solo para la demostración.",
}

TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "institution_name": {
        "ar": ("إدارة السياسات والتخطيط", "وحدة المساواة والإحصاءات الاجتماعية"),
        "zh": ("政策规划司", "平等与社会统计处"),
        "en": ("Department of Policy and Planning", "Unit for Equality and Social Statistics"),
        "fr": ("Direction des politiques et de la planification", "Service de l’égalité et des statistiques sociales"),
        "ru": ("Департамент политики и планирования", "Отдел равенства и социальной статистики"),
        "es": ("Dirección de Políticas y Planificación", "Unidad de Igualdad y Estadísticas Sociales"),
    },
    "transmitting_authority": {
        "ar": ("البعثة الدائمة", "وزارة الخارجية"),
        "zh": ("常驻代表团", "外交部"),
        "en": ("Permanent Mission", "Ministry of Foreign Affairs"),
        "fr": ("Mission permanente", "Ministère des affaires étrangères"),
        "ru": ("Постоянное представительство", "Министерство иностранных дел"),
        "es": ("Misión Permanente", "Ministerio de Relaciones Exteriores"),
    },
    "fields_other": {
        "ar": ("التنقل في المناطق الريفية",),
        "zh": ("农村交通",),
        "en": ("Rural transport",),
        "fr": ("Transports en zone rurale",),
        "ru": ("Транспорт в сельской местности",),
        "es": ("Transporte rural",),
    },
    "strategy_explained": {
        "ar": (
            "تهدف الخطة إلى تقليص الفوارق بين المدن والأرياف في الحصول على الخدمات الأساسية. وهي تشمل أولاً الأسر ذات الدخل المحدود.",
            "تحدد الاستراتيجية ثلاثة أهداف، هي حماية اجتماعية للجميع، وبيانات مصنفة حسب نوع الجنس والسن، ومشاركة السلطات المحلية.",
        ),
        "zh": (
            "该计划旨在缩小城乡居民在获得基本服务方面的差距，首先惠及低收入家庭。",
            "战略确定了三项目标：社会保护覆盖全民、按性别和年龄分列数据、地方主管机关参与。",
        ),
        "en": (
            "The plan seeks to narrow the gap between towns and the countryside in access to basic services. It reaches households with low incomes first.",
            "The strategy has three aims: social protection for all, data by sex and age, and a say for local authorities.",
        ),
        "fr": (
            "Le plan vise à réduire l’écart entre villes et campagnes dans l’accès aux services de base. Il s’adresse d’abord aux ménages à faible revenu.",
            "La stratégie a trois objectifs : une protection sociale pour tous, des données ventilées par sexe et par âge, et la participation des autorités locales.",
        ),
        "ru": (
            "План направлен на сокращение разрыва между городом и селом в доступе к основным услугам. В первую очередь он охватывает домохозяйства с низким доходом.",
            "Стратегия преследует три цели: социальная защита для всех, данные с разбивкой по полу и возрасту, участие местных органов власти.",
        ),
        "es": (
            "El plan busca reducir la brecha entre la ciudad y el campo en el acceso a los servicios básicos. Se dirige primero a los hogares de bajos ingresos.",
            "La estrategia tiene tres objetivos: protección social para todas las personas, datos desglosados por sexo y edad, y participación de las autoridades locales.",
        ),
    },
    "assistance_explained": {
        "ar": ("دورة تدريبية لمدة أسبوعين نظمتها منظمة إقليمية. وأصبحت مؤشراتنا تُنشر مرة كل سنة.",),
        "zh": ("一个区域组织举办了为期两周的培训。此后，我们的指标每年公布一次。",),
        "en": ("A regional organization trained our statisticians for two weeks. Our indicators have been published yearly since then.",),
        "fr": ("Une organisation régionale a formé nos statisticiens pendant deux semaines. Nos indicateurs sont depuis publiés chaque année.",),
        "ru": ("Региональная организация провела двухнедельный курс для наших статистиков. С тех пор наши показатели публикуются ежегодно.",),
        "es": ("Una organización regional capacitó a nuestro personal de estadística durante dos semanas. Desde entonces nuestros indicadores se publican cada año.",),
    },
    "obstacles": {
        "ar": (
            "قلة البيانات المصنفة حسب المنطقة والدخل، وتوزع الاختصاصات بين جهات عدة.",
            "محدودية الموارد المالية على المستوى المحلي، وكثرة تغير الموظفين المدربين.",
        ),
        "zh": (
            "缺少按地区和收入分列的数据；职责分散在多个机关。",
            "地方财力有限，受过培训的人员流动频繁。",
        ),
        "en": (
            "There are few data by region and income, and the responsibilities are spread over several bodies.",
            "Local authorities have little money of their own, and trained staff often move on.",
        ),
        "fr": (
            "Les données par région et par revenu sont rares, et les compétences sont réparties entre plusieurs organismes.",
            "Les autorités locales disposent de peu de ressources propres, et le personnel formé change souvent de poste.",
        ),
        "ru": (
            "Мало данных по регионам и уровню дохода, а полномочия распределены между несколькими органами.",
            "Собственные средства местных органов невелики, а обученные сотрудники часто меняют место работы.",
        ),
        "es": (
            "Hay pocos datos por región y por ingresos, y las competencias están repartidas entre varios organismos.",
            "Las autoridades locales disponen de pocos recursos propios y el personal capacitado cambia a menudo de puesto.",
        ),
    },
    "practice_title": {
        "ar": ("المكاتب المتنقلة للخدمات", "ميزانية تشاركية للأحياء", "خط هاتفي للسكن"),
        "zh": ("流动服务站", "社区参与式预算", "住房咨询热线"),
        "en": ("Mobile service offices", "Participatory budgets of neighbourhoods", "A telephone line on housing"),
        "fr": ("Guichets mobiles", "Budgets participatifs de quartier", "Une ligne téléphonique sur le logement"),
        "ru": ("Передвижные пункты обслуживания", "Инициативное бюджетирование в районах", "Телефонная линия по вопросам жилья"),
        "es": ("Oficinas móviles de atención", "Presupuestos participativos de barrio", "Una línea telefónica sobre vivienda"),
    },
    "practice_explained": {
        "ar": (
            "يزور الموظفون القرى البعيدة مرتين في الشهر ويتلقون الطلبات في المكان نفسه. وقد ارتفع عدد المستفيدين بنحو الثلث خلال سنتين.",
            "يقرر السكان كل سنة في اجتماع مفتوح كيف يُصرف جزء من الميزانية المحلية. وصار نصف المشاركين من النساء.",
        ),
        "zh": (
            "工作人员每月两次前往偏远村庄，就地受理申请。两年间，受益人数增加了约三分之一。",
            "居民每年在公开会议上决定一部分地方预算的用途。参会者中有一半是妇女。",
        ),
        "en": (
            "Staff visit remote villages twice a month and take applications on the spot. The number of people reached grew by about a third in two years.",
            "Once a year the residents decide in an open meeting how a part of the local budget is spent. Half of those who take part are women.",
        ),
        "fr": (
            "Des agents se rendent deux fois par mois dans les villages isolés et reçoivent les demandes sur place. Le nombre de bénéficiaires a augmenté d’environ un tiers en deux ans.",
            "Chaque année, les habitants décident en réunion publique de l’emploi d’une partie du budget local. La moitié des participants sont des femmes.",
        ),
        "ru": (
            "Сотрудники дважды в месяц выезжают в отдаленные села и принимают заявления на месте. За два года число получателей выросло примерно на треть.",
            "Раз в год жители на открытом собрании решают, на что направить часть местного бюджета. Половина участников – женщины.",
        ),
        "es": (
            "El personal visita dos veces al mes los pueblos alejados y recibe allí las solicitudes. En dos años el número de beneficiarios aumentó alrededor de un tercio.",
            "Una vez al año los vecinos deciden en asamblea abierta en qué se gasta una parte del presupuesto local. La mitad de quienes participan son mujeres.",
        ),
    },
    "remarks": {language: (text,) for language, text in INVENTED.items()},
}  # fmt: skip
"""By the name of a question: what may be written there, by language."""

LEFT_OPEN: Mapping[str, float] = {
    "contact_mailbox": 0.3,
    "budget_share": 0.4,
    "obstacles": 0.2,
    "consultation_at": 0.6,
    "likely_use": 0.1,
    "needs_ranked": 0.1,
}
"""What not everybody answers, and how often it is left open."""

MAILBOX = "policy.unit@institution.example"

SHARES = ((50, 30, 20), (40, 20, 40), (34, 33, 33), (60, 25, 15), (30, 30, 20))
"""How the hub may divide its work, in per cent; the last one leaves some of it open."""

PRACTICE, DOCUMENT = "practice_card", "practice.docx"
"""The questionnaire's repeat, and the name of the file that some give."""
