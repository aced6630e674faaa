/* Registers of the STM32F405 that the meter uses, and their bits; sections are those of
 * RM0090 (reference manual, memory map: 2.3). Those of the core itself are in the
 * Armv7-M Architecture Reference Manual, B3. Own definitions: no vendor header is
 * needed. */
#pragma once

/* PWR, 5.4 */
enum { PWR_CR = 0x40007000, PWR_CR_DBP = 1 << 8 };

/* FLASH, 3.9: wait states for 150-168 MHz at 2.7-3.6 V are 5 (table 10) */
enum {
    FLASH_START = 0x08000000,
    FLASH_ACR = 0x40023C00,
    FLASH_ACR_WAIT_5 = 5,
    FLASH_ACR_PREFETCH = 1 << 8,
    FLASH_ACR_CACHES = 3 << 9,
    FLASH_ACR_RESET_CACHES = 3 << 11,
    FLASH_KEYR = 0x40023C04,
    FLASH_SR = 0x40023C0C,
    FLASH_SR_ERRORS = 0xF2, /* OPERR, WRPERR, PGAERR, PGPERR, PGSERR */
    FLASH_SR_BSY = 1 << 16,
    FLASH_CR = 0x40023C10,
    FLASH_CR_PG = 1 << 0,
    FLASH_CR_SER = 1 << 1,
    FLASH_CR_SNB_SHIFT = 3,
    FLASH_CR_BY_WORD = 2 << 8,
    FLASH_CR_STRT = 1 << 16,
    FLASH_OPTCR = 0x40023C14,
    FLASH_OPTCR_BOR = 3 << 2 /* 0: level 3, 2.7 V (DS8626, 5.3.6) */
};

#define FLASH_CR_LOCK (1u << 31)
#define FLASH_KEY_1   0x45670123u
#define FLASH_KEY_2   0xCDEF89ABu

/* RCC of the F405, 7.3 */
enum {
    RCC_CR = 0x40023800,
    RCC_CR_HSEON = 1 << 16,
    RCC_CR_HSERDY = 1 << 17,
    RCC_CR_CSSON = 1 << 19,
    RCC_CR_PLLON = 1 << 24,
    RCC_CR_PLLRDY = 1 << 25,
    RCC_PLLCFGR = 0x40023804,
    RCC_PLLCFGR_HSE = 1 << 22,
    RCC_CFGR = 0x40023808,
    RCC_CFGR_SW = 3,
    RCC_CFGR_SW_PLL = 2,
    RCC_CFGR_SWS = 3 << 2,
    RCC_CFGR_SWS_PLL = 2 << 2,
    RCC_CFGR_APB1_BY_4 = 5 << 10,
    RCC_CFGR_APB2_BY_2 = 4 << 13,
    RCC_APB2RSTR = 0x40023824,
    RCC_APB2RSTR_SPI1 = 1 << 12,
    RCC_AHB1ENR = 0x40023830,
    RCC_AHB1ENR_GPIO_ABC = 7,
    RCC_AHB1ENR_DMA2 = 1 << 22,
    RCC_APB1ENR = 0x40023840,
    RCC_APB1ENR_SPI2 = 1 << 14,
    RCC_APB1ENR_USART2 = 1 << 17,
    RCC_APB1ENR_I2C1 = 1 << 21,
    RCC_APB1ENR_PWR = 1 << 28,
    RCC_APB2ENR = 0x40023844,
    RCC_APB2ENR_TIM1 = 1 << 0,
    RCC_APB2ENR_SPI1 = 1 << 12,
    RCC_APB2ENR_SYSCFG = 1 << 14,
    RCC_BDCR = 0x40023870,
    RCC_BDCR_LSEON = 1 << 0,
    RCC_BDCR_LSERDY = 1 << 1,
    RCC_BDCR_RTC_LSE = 1 << 8,
    RCC_BDCR_RTCEN = 1 << 15,
    RCC_CSR = 0x40023874,
    RCC_CSR_RMVF = 1 << 24,
    RCC_CSR_IWDGRSTF = 1 << 29
};

/* GPIO, 8.4; alternate functions: DS8626 (STM32F405 datasheet), table 9 */
enum {
    GPIOA = 0x40020000,
    GPIOB = 0x40020400,
    GPIOC = 0x40020800,
    GPIO_MODER = 0x00,
    GPIO_OTYPER = 0x04,
    GPIO_OSPEEDR = 0x08,
    GPIO_PUPDR = 0x0C,
    GPIO_IDR = 0x10,
    GPIO_BSRR = 0x18,
    GPIO_AFRL = 0x20
};

/* SYSCFG, 9.2.3: pin of EXTI line n in EXTICR(n/4 + 1); EXTI, 12.3 */
enum {
    SYSCFG_EXTICR1 = 0x40013808,
    EXTI_IMR = 0x40013C00,
    EXTI_RTSR = 0x40013C08,
    EXTI_FTSR = 0x40013C0C,
    EXTI_PR = 0x40013C14
};

/* DMA2, 10.5; streams and channels: table 43 (SPI1_RX: stream 0, SPI1_TX: stream 3) */
enum {
    DMA2_LISR = 0x40026400,
    DMA2_LIFCR = 0x40026408,
    DMA2_STREAM0 = 0x40026410,
    DMA2_STREAM3 = 0x40026458,
    DMA_CR = 0x00,
    DMA_NDTR = 0x04,
    DMA_PAR = 0x08,
    DMA_M0AR = 0x0C,
    DMA_CR_EN = 1 << 0,
    DMA_CR_TEIE = 1 << 2,
    DMA_CR_TCIE = 1 << 4,
    DMA_CR_FROM_MEMORY = 1 << 6,
    DMA_CR_MINC = 1 << 10,
    DMA_CR_HIGH = 2 << 16,
    DMA_CR_CHANNEL_3 = 3 << 25,
    DMA_STREAM0_TC = 1 << 5, /* in LISR and LIFCR */
    DMA_STREAM0_TE = 1 << 3,
    DMA_STREAM0_ALL = 0x3D,
    DMA_STREAM3_ALL = 0x3D << 22
};

/* TIM1, 17.4 */
enum {
    TIM1_CR1 = 0x40010000,
    TIM1_CR1_CEN = 1,
    TIM1_EGR = 0x40010014,
    TIM1_EGR_UG = 1,
    TIM1_CCMR1 = 0x40010018,
    TIM1_CCMR1_PWM1 = 6 << 4 | 1 << 3,
    TIM1_CCER = 0x40010020,
    TIM1_CCER_CC1E = 1,
    TIM1_PSC = 0x40010028,
    TIM1_ARR = 0x4001002C,
    TIM1_CCR1 = 0x40010034,
    TIM1_BDTR = 0x40010044,
    TIM1_BDTR_MOE = 1 << 15
};

/* SPI, 28.5 */
enum {
    SPI1 = 0x40013000,
    SPI2 = 0x40003800,
    SPI_CR1 = 0x00,
    SPI_CR2 = 0x04,
    SPI_SR = 0x08,
    SPI_DR = 0x0C,
    SPI_CR1_CPHA = 1 << 0,
    SPI_CR1_MSTR = 1 << 2,
    SPI_CR1_BY_2 = 0 << 3,
    SPI_CR1_BY_8 = 2 << 3,
    SPI_CR1_SPE = 1 << 6,
    SPI_CR1_SSI_SSM = 3 << 8,
    SPI_CR2_RXDMAEN = 1 << 0,
    SPI_CR2_TXDMAEN = 1 << 1,
    SPI_SR_RXNE = 1 << 0,
    SPI_SR_TXE = 1 << 1,
    SPI_SR_OVR = 1 << 6,
    SPI_SR_BSY = 1 << 7
};

/* I2C, 27.6 */
enum {
    I2C1_CR1 = 0x40005400,
    I2C_CR1_PE = 1 << 0,
    I2C_CR1_START = 1 << 8,
    I2C_CR1_STOP = 1 << 9,
    I2C_CR1_SWRST = 1 << 15,
    I2C1_CR2 = 0x40005404,
    I2C1_DR = 0x40005410,
    I2C1_SR1 = 0x40005414,
    I2C_SR1_SB = 1 << 0,
    I2C_SR1_ADDR = 1 << 1,
    I2C_SR1_BTF = 1 << 2,
    I2C_SR1_TXE = 1 << 7,
    I2C_SR1_ERRORS = 7 << 8, /* BERR, ARLO, AF */
    I2C1_SR2 = 0x40005418,
    I2C_SR2_BUSY = 1 << 1,
    I2C1_CCR = 0x4000541C,
    I2C1_TRISE = 0x40005420
};

/* USART2, 30.6 */
enum {
    USART2_SR = 0x40004400,
    USART_SR_PE = 1 << 0,
    USART_SR_FE = 1 << 1,
    USART_SR_NF = 1 << 2,
    USART_SR_ORE = 1 << 3,
    USART_SR_RXNE = 1 << 5,
    USART_SR_TC = 1 << 6,
    USART_SR_TXE = 1 << 7,
    USART2_DR = 0x40004404,
    USART2_BRR = 0x40004408,
    USART2_CR1 = 0x4000440C,
    USART_CR1_RE = 1 << 2,
    USART_CR1_TE = 1 << 3,
    USART_CR1_RXNEIE = 1 << 5,
    USART_CR1_TCIE = 1 << 6,
    USART_CR1_TXEIE = 1 << 7,
    USART_CR1_ODD = 1 << 9,
    USART_CR1_PCE = 1 << 10,
    USART_CR1_M = 1 << 12,
    USART_CR1_UE = 1 << 13
};

/* IWDG, 21.4 */
enum {
    IWDG_KR = 0x40003000,
    IWDG_KR_FEED = 0xAAAA,
    IWDG_KR_UNLOCK = 0x5555,
    IWDG_KR_START = 0xCCCC,
    IWDG_PR = 0x40003004,
    IWDG_PR_BY_64 = 4,
    IWDG_RLR = 0x40003008
};

/* RTC, 26.6 */
enum {
    RTC_TR = 0x40002800,
    RTC_DR = 0x40002804,
    RTC_ISR = 0x4000280C,
    RTC_ISR_INITS = 1 << 4,
    RTC_ISR_RSF = 1 << 5,
    RTC_ISR_INITF = 1 << 6,
    RTC_ISR_INIT = 1 << 7,
    RTC_PRER = 0x40002810,
    RTC_WPR = 0x40002824,
    RTC_BKP0R = 0x40002850,
    RTC_BACKUP_WORDS = 20
};

/* Core: SysTick, NVIC, SCB, debug unit (38.16) */
#define SYSTICK_CSR 0xE000E010u
#define SYSTICK_RVR 0xE000E014u
#define SYSTICK_CVR 0xE000E018u
#define NVIC_ISER0  0xE000E100u
#define NVIC_ISPR0  0xE000E200u
#define NVIC_IPR0   0xE000E400u /* a byte for each interrupt */
#define SCB_ICSR    0xE000ED04u
#define SCB_VTOR    0xE000ED08u
#define SCB_AIRCR   0xE000ED0Cu
#define SCB_SHPR3   0xE000ED20u
#define SCB_CFSR    0xE000ED28u
#define SCB_HFSR    0xE000ED2Cu
#define SCB_MMFAR   0xE000ED34u
#define SCB_BFAR    0xE000ED38u
#define DBGMCU_APB1 0xE0042008u

enum {
    SYSTICK_ON = 7, /* counts core clocks, with interrupt */
    DBGMCU_APB1_IWDG_STOP = 1 << 12
};
#define SCB_ICSR_PENDSTSET (1u << 26)
#define SCB_AIRCR_RESET    0x05FA0004u

/* Interrupts, table 62 */
enum irq {
    IRQ_EXTI0 = 6,
    IRQ_EXTI9_5 = 23,
    IRQ_USART2 = 38,
    IRQ_DMA2_STREAM0 = 56,
    IRQS = 82
};
